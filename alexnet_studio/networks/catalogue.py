"""The networks that come with the product: each one a table, with where it is described."""

from __future__ import annotations

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.spec import Conv, Dense, Dropout, MaxPool, ResponseNorm, Spec
from alexnet_studio.networks.variant import variant

_PAPER = Spec(
    name="paper",
    title="AlexNet as published, two towers",
    source="Krizhevsky, Sutskever, Hinton 2012, sections 3 to 5",
    notes=(
        "Each tower is what one of the two GPUs held: conv2, conv4 and conv5 see their own tower, conv3 and "
        "the fully connected layers see both. Response normalisation follows the ReLU and stays within a "
        "tower; its alpha is not divided by the window, as the paper prints it. A padding of 2 makes 55 of "
        "224, which the paper leaves open. The initialisation is the paper's: it stalls on small data sets."
    ),
    layers=(
        Conv("conv1", 96, 11, stride=4, padding=2),
        ResponseNorm("rnorm1"),
        MaxPool("pool1"),
        Conv("conv2", 256, 5, padding=2, groups=2),
        ResponseNorm("rnorm2"),
        MaxPool("pool2"),
        Conv("conv3", 384, 3, padding=1),
        Conv("conv4", 384, 3, padding=1, groups=2),
        Conv("conv5", 256, 3, padding=1, groups=2),
        MaxPool("pool5"),
        Dense("fc6", 4096),
        Dropout("drop6"),
        Dense("fc7", 4096),
        Dropout("drop7"),
        Dense("fc8", None, activation="none"),
    ),
    towers=2,
    initialisation="paper",
)

_MINI = Spec(
    name="mini",
    title="The paper's plan for 64 pixels, two towers",
    source="The paper's sections 3.2 to 3.5, made small for a laptop's CPU",
    notes=(
        "Two towers with the paper's groups, response normalisation and overlapping pools. conv1 takes steps "
        "of 2, so that 64 pixels become 31, 15, 7 and 3. He initialisation: the paper's stalls on few images."
    ),
    layers=(
        # The paper's deviation: in He's, twelve times larger, kernels are still noise after minutes.
        Conv("conv1", 48, 7, stride=2, padding=2, deviation=0.01),
        ResponseNorm("rnorm1"),
        MaxPool("pool1"),
        Conv("conv2", 128, 5, padding=2, groups=2),
        ResponseNorm("rnorm2"),
        MaxPool("pool2"),
        Conv("conv3", 192, 3, padding=1),
        Conv("conv4", 192, 3, padding=1, groups=2),
        Conv("conv5", 128, 3, padding=1, groups=2),
        MaxPool("pool5"),
        Dense("fc6", 256),
        Dropout("drop6"),
        Dense("fc7", 256),
        Dropout("drop7"),
        Dense("fc8", None, activation="none"),
    ),
    towers=2,
    image_size=64,
    classes=10,
)


def names() -> tuple[str, ...]:
    return tuple(spec.name for spec in _catalogue())


def get(
    name: str,
    *,
    classes: int | None = None,
    image_size: int | None = None,
    channels: int | None = None,
    width: float = 1.0,
) -> Spec:
    """The named network, changed as `variant` describes.

    Raises `BadInput` ("unknown_network", or what `variant` raises).
    """
    for spec in _catalogue():
        if spec.name == name:
            return variant(spec, classes=classes, image_size=image_size, channels=channels, width=width)
    raise BadInput(
        "unknown_network",
        "There is no network called {name}. Choose one of: {names}; or give the path of a spec file.",
        name=name,
        names=", ".join(names()),
    )


def _catalogue() -> tuple[Spec, ...]:
    return (
        _PAPER,
        _one_tower(
            "one-tower",
            "The paper's widths in one tower",
            "The paper's layer sizes without its groups, as most tutorials write them",
            (96, 256, 384, 384, 256),
            4096,
            notes="No groups, no response normalisation; dropout stands before fc6 and fc7, not after them.",
        ),
        _one_tower(
            "torchvision",
            "torchvision's AlexNet",
            "torchvision.models.alexnet, after Krizhevsky 2014 (arXiv 1404.5997)",
            (64, 192, 384, 256, 256),
            4096,
            notes=(
                "The one-tower network of 2014 with fewer kernels. torchvision averages pool5 to 6 x 6 at "
                "every image size; here fc6 takes what pool5 gives, which is the same at 224."
            ),
        ),
        _one_tower(
            "half-tower",
            "Half of every width, in one tower",
            "A widely copied PyTorch tutorial, made for 14 classes of 1 to 3 photos",
            (48, 128, 192, 192, 128),
            2048,
            notes=(
                "Half the kernels and half the hidden neurons, so about a quarter of the weights. It is not one "
                "of the paper's two GPUs: those exchange their maps before conv3 and after pool5."
            ),
            classes=14,
        ),
        _MINI,
    )


def _one_tower(
    name: str,
    title: str,
    source: str,
    filters: tuple[int, int, int, int, int],
    hidden: int,
    *,
    notes: str,
    classes: int = 1000,
) -> Spec:
    """What the one-tower descendants share: five convolutions, three pools, dropout before fc6 and fc7."""
    conv1, conv2, conv3, conv4, conv5 = filters
    return Spec(
        name=name,
        title=title,
        source=source,
        notes=notes,
        classes=classes,
        layers=(
            Conv("conv1", conv1, 11, stride=4, padding=2),
            MaxPool("pool1"),
            Conv("conv2", conv2, 5, padding=2),
            MaxPool("pool2"),
            Conv("conv3", conv3, 3, padding=1),
            Conv("conv4", conv4, 3, padding=1),
            Conv("conv5", conv5, 3, padding=1),
            MaxPool("pool5"),
            Dropout("drop6"),
            Dense("fc6", hidden),
            Dropout("drop7"),
            Dense("fc7", hidden),
            Dense("fc8", None, activation="none"),
        ),
    )
