"""Weights that a layer takes from an earlier one: possible where both have the same shape."""

from __future__ import annotations

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.spec import Spec


def require_same_shape(
    spec: Spec, layer: Conv | Dense, row: LayerReport, above: dict[str, tuple[AnyLayer, LayerReport]]
) -> None:
    """Weights can be used again where an earlier layer of the same shape has its own."""
    source, theirs = above.get(layer.weights_of, (None, row))
    problem = ""
    if not isinstance(source, Conv | Dense):
        problem = "no layer of that name with weights stands before it"
    elif source.weights_of:
        problem = f"that layer has the weights of {source.weights_of} itself. Name {source.weights_of}"
    elif (mine := _weight_shape(layer, row)) != (other := _weight_shape(source, theirs)):
        problem = f"its weights are {_times(mine)}, those of {source.name} {_times(other)}"
    if problem:
        raise BadInput(
            "weights_of",
            "Layer {layer} of the network {network} cannot have the weights of {source}: {problem}.",
            layer=layer.name,
            network=spec.name,
            source=layer.weights_of,
            problem=problem,
        )


def _weight_shape(layer: Conv | Dense, row: LayerReport) -> tuple[int, ...]:
    outputs, inputs = row.output[0], row.input[0] // layer.groups
    if isinstance(layer, Dense):
        return outputs, inputs
    places = row.output[1:] if layer.shared == "nothing" else ()
    return outputs, inputs, layer.kernel, layer.kernel, *places


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))
