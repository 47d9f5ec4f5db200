"""A network as data: an ordered table of named layers, without torch."""

from __future__ import annotations

from typing import Literal

from pydantic.dataclasses import dataclass

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import (
    STRICT,
    AnyLayer,
    Conv,
    Dense,
    Dropout,
    Layer,
    Positive,
    is_classifier,
)

Initialisation = Literal["paper", "he", "xavier"]


@dataclass(frozen=True, config=STRICT)
class Spec:
    """A network: what stands in a run's `run.json` and in a spec file.

    `towers` is the number of the paper's GPU halves. Kernel blocks, response normalisation and the drawing
    cut channels into that many equal parts; which layers see both towers follows from `groups`
    (a layer with `groups == towers` sees its own tower only).
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
    """The convolution whose kernels see the image. Raises `BadInput` ("no_convolution").

    A locally connected layer has thousands of kernels, one set a place, and is passed over.
    """
    for layer in spec.layers:
        if isinstance(layer, Conv) and layer.shared != "nothing":
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


def classifier(spec: Spec) -> AnyLayer | None:
    """The layer whose outputs are the classes; None for a network that ends with features."""
    return spec.layers[-1] if spec.layers and is_classifier(spec.layers[-1]) else None


def require_classifier(spec: Spec) -> AnyLayer:
    """Raises `BadInput` ("no_classifier"): a network that ends with features can be looked at, but not trained."""
    found = classifier(spec)
    if found is None:
        raise BadInput(
            "no_classifier",
            "The network {network} ends with features, not with classes. Add a classifier: a fully connected "
            "layer with one neuron for each class.",
            network=spec.name,
        )
    return found


def first_fixed(spec: Spec) -> str:
    """The first layer that takes one size of image only, fully or locally connected; nothing where all take any."""
    for layer in spec.layers:
        if isinstance(layer, Dense) or (isinstance(layer, Conv) and layer.shared != "all"):
            return layer.name
    return ""


def hidden_layer(spec: Spec) -> str:
    """The layer whose outputs are an image's features: what the classifier sees, before any dropout.

    "fc7" in the paper (section 6.1); the last one of a network without a classifier. Raises `BadInput`
    ("no_hidden_layer") where the classifier sees the image itself.
    """
    below = spec.layers[:-1] if classifier(spec) else spec.layers
    for layer in reversed(below):
        if not isinstance(layer, Dropout):
            return layer.name
    raise BadInput(
        "no_hidden_layer",
        "The network {network} has no hidden layer to take features from. Add one.",
        network=spec.name,
    )
