"""With which bias a layer begins: its own, or what the network's initialisation says."""

from __future__ import annotations

from alexnet_studio.networks.layers import Conv, Dense, is_classifier
from alexnet_studio.networks.spec import Initialisation, Spec


def first_bias(spec: Spec, layer: Conv | Dense, how: Initialisation) -> float:
    """Section 5: 1 in convolutions two, four and five and in the hidden fully connected layers; elsewhere 0."""
    if layer.bias is not None:
        return layer.bias
    return 1.0 if how == "paper" and layer.name in _begin_at_one(spec) else 0.0


def _begin_at_one(spec: Spec) -> frozenset[str]:
    convolutions = [layer.name for layer in spec.layers if isinstance(layer, Conv)]
    hidden = [layer.name for layer in spec.layers if isinstance(layer, Dense) and not is_classifier(layer)]
    return frozenset((*convolutions[1:2], *convolutions[3:5], *hidden))
