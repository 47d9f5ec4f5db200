"""A network as data: an ordered table of named layers, without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from alexnet_studio.ground.errors import BadInput

_STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)

# The bound catches a slip of the keyboard before it becomes a request for terabytes.
Positive = Annotated[int, Field(ge=1, le=1_000_000)]
# A layer's name is a state_dict key, a row of the table and a field of files.
LayerName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=60)]
Activation = Literal["none", "relu"]
Initialisation = Literal["paper", "he"]


@dataclass(frozen=True, config=_STRICT)
class Conv:
    """A convolution and its activation. `filters` counts all towers; `groups` cuts inputs and outputs.

    `deviation` is the standard deviation of the first weights; None leaves it to the initialisation.
    """

    name: LayerName
    filters: Positive
    kernel: Positive
    stride: Positive = 1
    padding: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    groups: Positive = 1
    activation: Activation = "relu"
    deviation: Annotated[float, Field(gt=0, le=10)] | None = None
    kind: Literal["conv"] = "conv"


@dataclass(frozen=True, config=_STRICT)
class ResponseNorm:
    """Local response normalisation across channels (section 3.3), never across towers.

    b = a / (k + alpha' * sum of a^2 over `size` neighbouring channels)^beta, where alpha' is `alpha`
    as the paper prints it, or `alpha / size` when `divide_by_size` (the 2012 code, and torch).
    """

    name: LayerName
    size: Positive = 5
    alpha: Annotated[float, Field(ge=0)] = 1e-4
    beta: Annotated[float, Field(ge=0)] = 0.75
    k: Annotated[float, Field(gt=0)] = 2.0
    divide_by_size: bool = False
    kind: Literal["rnorm"] = "rnorm"


@dataclass(frozen=True, config=_STRICT)
class MaxPool:
    """Max pooling; overlapping where `kernel` is larger than `stride` (section 3.4)."""

    name: LayerName
    kernel: Positive = 3
    stride: Positive = 2
    kind: Literal["pool"] = "pool"


@dataclass(frozen=True, config=_STRICT)
class Dense:
    """A fully connected layer. `neurons` None: one for each class (the classifier)."""

    name: LayerName
    neurons: Positive | None
    activation: Activation = "relu"
    kind: Literal["fc"] = "fc"


@dataclass(frozen=True, config=_STRICT)
class Dropout:
    """Dropout (section 4.2): zeroes with `rate` while training, scaled so that testing needs no factor."""

    name: LayerName
    rate: Annotated[float, Field(ge=0, lt=1)] = 0.5
    kind: Literal["dropout"] = "dropout"


Layer = Annotated[Conv | ResponseNorm | MaxPool | Dense | Dropout, Field(discriminator="kind")]


@dataclass(frozen=True, config=_STRICT)
class Spec:
    """A network: what stands in a run's `run.json` and in a spec file.

    `towers` is the number of the paper's GPU halves. Kernel blocks, response normalisation and the drawing
    cut channels into that many equal parts; which layers see both towers follows from `groups`
    (a convolution with `groups == towers` sees its own tower only).
    """

    name: str
    title: str
    source: str
    layers: tuple[Layer, ...]
    towers: Positive = 1
    channels: Positive = 3
    image_size: Positive = 224
    classes: Positive = 1000
    initialisation: Initialisation = "he"
    notes: str = ""


def first_conv(spec: Spec) -> Conv:
    """The convolution whose kernels see the image. Raises `BadInput` ("no_convolution")."""
    for layer in spec.layers:
        if isinstance(layer, Conv):
            return layer
    raise BadInput(
        "no_convolution",
        "The network {network} has no convolution. Add one to its layers.",
        network=spec.name,
    )


def named_layer(spec: Spec, name: str) -> str:
    """`name`, if the network has such a layer. Raises `BadInput` ("unknown_layer")."""
    names = [layer.name for layer in spec.layers]
    if name in names:
        return name
    raise BadInput(
        "unknown_layer",
        "The network {network} has no layer called {layer}. Choose one of: {layers}.",
        network=spec.name,
        layer=name,
        layers=", ".join(names),
    )


def hidden_layer(spec: Spec) -> str:
    """The last hidden layer's name, whose outputs are an image's features: "fc7" in the paper (section 6.1).

    Raises `BadInput` ("no_hidden_layer") for a network without a fully connected layer below its classifier.
    """
    hidden = [layer.name for layer in spec.layers if isinstance(layer, Dense) and layer.neurons is not None]
    if hidden:
        return hidden[-1]
    raise BadInput(
        "no_hidden_layer",
        "The network {network} has no hidden fully connected layer to take features from. Add one.",
        network=spec.name,
    )
