"""What cannot be a network, each with a sentence that names the layer and says what to do."""

from __future__ import annotations

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense, is_classifier
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.windows import Windows, smallest_image


def require_order(spec: Spec) -> None:
    """Names stand for one layer each, and nothing follows the layer that gives the classes."""
    seen: set[str] = set()
    for layer in spec.layers:
        if is_classifier(layer) and layer is not spec.layers[-1]:
            raise BadInput(
                "classifier_not_last",
                "Layer {layer} of the network {network} gives the classes, but layers follow it. Give it a number "
                "of its own, or make it the last.",
                layer=layer.name,
                network=spec.name,
            )
        if layer.name in seen:
            raise BadInput(
                "layer_twice",
                "Two layers of the network {network} are called {layer}. Rename one of them.",
                network=spec.name,
                layer=layer.name,
            )
        seen.add(layer.name)


def required_outputs(spec: Spec, layer: str, windows: Windows, side: int) -> int:
    out = windows.outputs(side)
    if out < 1:
        raise BadInput(
            "layer_vanishes",
            "At an image size of {size} nothing is left of layer {layer} of the network {network}. "
            "Choose an image size of at least {smallest}.",
            size=spec.image_size,
            layer=layer,
            network=spec.name,
            smallest=smallest_image(spec),
        )
    return out


def required_map(spec: Spec, layer: AnyLayer, shape: tuple[int, ...]) -> tuple[int, int, int]:
    """The (channels, height, width) that arrive at a layer which needs a map."""
    if len(shape) != 3:
        raise BadInput(
            "layer_order",
            "Layer {layer} of the network {network} stands after a fully connected layer, "
            "where no map is left. Move it before the first one.",
            layer=layer.name,
            network=spec.name,
        )
    channels, height, width = shape
    return channels, height, width


def require_divided(spec: Spec, layer: Conv | Dense, counts: dict[str, int]) -> None:
    for what, count in counts.items():
        if count % layer.groups:
            raise BadInput(
                "groups_do_not_divide",
                "The {groups} groups of layer {layer} of the network {network} do not divide "
                "its {count} {what}. Choose a multiple of {groups}.",
                groups=layer.groups,
                layer=layer.name,
                network=spec.name,
                count=count,
                what=what,
            )


def require_whole_towers(spec: Spec, layer: str, channels: int) -> None:
    if channels % spec.towers:
        raise BadInput(
            "towers_do_not_divide",
            "The {towers} towers of the network {network} do not divide the {count} channels "
            "of layer {layer}. Choose a multiple of {towers}.",
            towers=spec.towers,
            network=spec.name,
            count=channels,
            layer=layer,
        )
