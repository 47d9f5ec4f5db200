"""The example that shows what a given layer does."""

from __future__ import annotations

from dataclasses import replace

from alexnet_studio.networks.example import Example, example, with_field
from alexnet_studio.networks.layers import AnyLayer, Conv, Dropout, Pool, ResponseNorm, is_classifier


def example_of(layer: AnyLayer) -> Example | None:
    """With the layer's own window, stride and padding where a grid of 5 x 5 has room for them.

    None for layers whose arithmetic is no window, no normalisation across channels and no softmax.
    """
    match layer:
        case Conv() if not is_classifier(layer):
            return _windowed(example("conv"), layer)
        case Pool():
            return _windowed(example("max" if layer.method == "max" else "average"), layer)
        case ResponseNorm():
            alpha = layer.alpha / layer.size if layer.divide_by_size else layer.alpha
            made = replace(example("rnorm"), alpha=alpha, beta=layer.beta, k=layer.k)
            return with_field(made, "window", layer.size)
        case Dropout():
            return with_field(example("dropout"), "rate", layer.rate)
        case _:
            return example("softmax") if is_classifier(layer) else None


def _windowed(made: Example, layer: Conv | Pool) -> Example:
    for field in ("kernel", "stride"):
        made = with_field(made, "window" if field == "kernel" else field, getattr(layer, field))
    if isinstance(layer, Conv):
        made = with_field(made, "padding", layer.padding)
    return with_field(made, "sizing", layer.sizing)
