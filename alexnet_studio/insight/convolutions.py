"""The convolutions of a network whose kernels can be looked at; without torch."""

from __future__ import annotations

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import Conv
from alexnet_studio.networks.spec import Spec, named_layer


def convolutions(spec: Spec) -> tuple[str, ...]:
    """Those whose places share their kernels, in order."""
    return tuple(layer.name for layer in spec.layers if isinstance(layer, Conv) and layer.shared != "nothing")


def convolution(spec: Spec, name: str) -> Conv:
    """Raises `BadInput` ("unknown_layer", "not_a_convolution")."""
    wanted = named_layer(spec, name)
    known = convolutions(spec)
    for layer in spec.layers:
        if layer.name == wanted and isinstance(layer, Conv) and wanted in known:
            return layer
    raise BadInput(
        "not_a_convolution",
        "{layer} is no convolution whose places share their kernels. Choose one of: {layers}.",
        layer=name,
        layers=", ".join(known) or "none",
    )
