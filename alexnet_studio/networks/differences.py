"""What is different between two networks, row by row and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.first_values import first_bias
from alexnet_studio.networks.layers import (
    KINDS,
    AnyLayer,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    GlobalPool,
    MapNorm,
    Pool,
    ResponseNorm,
    activation_of,
)
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.spec import Spec

ABSENT = "–"
_ACTIVATIONS = {
    "none": "linear",
    "relu": "ReLU",
    "tanh": "tanh",
    "sigmoid": "sigmoid",
    "leaky_relu": "leaky ReLU",
}
_CONVOLUTIONS = {
    "all": "convolution",
    "kernels": "convolution, each place with its own biases",
    "nothing": "locally connected: each place with its own kernels and biases",
}
_WEIGHTS = {"paper": "normal, deviation 0.01", "he": "He et al. 2015", "xavier": "Glorot and Bengio 2010"}


@dataclass(frozen=True, slots=True)
class Difference:
    """`left` and `right` are the two networks' words for one aspect of a layer; "" as the layer: of the whole."""

    layer: str
    aspect: str
    left: str
    right: str


def differences(left: Spec, right: Spec) -> tuple[Difference, ...]:
    """In the order of `left`'s layers, each of `right`'s own after the one that it follows.

    Layers are held beside each other by name, or by kind and order where names differ ("fc6 / fc2048"). Raises
    what `arithmetic.report` raises.
    """
    names = _counterparts(left, right)
    right = replace(right, layers=tuple(_renamed(one, names) for one in right.layers))
    called = {ours: f"{ours} / {theirs}" for theirs, ours in names.items()}
    common = {layer.name for layer in left.layers} & {layer.name for layer in right.layers}
    ours, theirs = _described(left, common), _described(right, common)
    rows: list[Difference] = []
    for layer in _merged(list(ours), list(theirs)):
        mine, other = ours.get(layer), theirs.get(layer)
        if mine is None or other is None:
            rows.append(Difference(layer, "layer", _whole(mine), _whole(other)))
            continue
        for aspect in _merged(list(mine), list(other)):
            pair = mine.get(aspect, ABSENT), other.get(aspect, ABSENT)
            if pair[0] != pair[1]:
                rows.append(Difference(called.get(layer, layer), aspect, *pair))
    return tuple(rows)


def _counterparts(left: Spec, right: Spec) -> dict[str, str]:
    """For `right`'s layers of other names, `left`'s of the same kind in the same order, where they are as many."""
    shared = {layer.name for layer in left.layers} & {layer.name for layer in right.layers}
    found: dict[str, str] = {}
    for kind in KINDS:
        ours = [one.name for one in left.layers if one.kind == kind and one.name not in shared]
        theirs = [one.name for one in right.layers if one.kind == kind and one.name not in shared]
        if len(ours) == len(theirs):
            found |= dict(zip(theirs, ours, strict=True))
    return found


def _renamed(layer: AnyLayer, names: dict[str, str]) -> AnyLayer:
    name = names.get(layer.name, layer.name)
    if isinstance(layer, Conv | Dense):
        return replace(layer, name=name, weights_of=names.get(layer.weights_of, layer.weights_of))
    return replace(layer, name=name)


Words = dict[str, str]  # aspect -> what it is


def _described(spec: Spec, common: set[str]) -> dict[str, Words]:
    """By layer; "" is the network as a whole. `common` are the layers that both networks have."""
    table = report(spec)
    described: dict[str, Words] = {
        "": {
            "image": f"{spec.image_size} × {spec.image_size} × {spec.channels}",
            "classes": f"{spec.classes:,}",
            "towers": str(spec.towers),
            "parameters": f"{table.totals.params:,}",
            "multiply-adds": f"{table.totals.macs:,}",
        }
    }
    for position, (layer, row) in enumerate(zip(spec.layers, table.rows, strict=True)):
        words = dict(_words(spec, layer, row))
        words["place"] = _place(spec, position, common)
        words["output"] = " × ".join(f"{side:,}" for side in row.output)
        if row.params:
            words["parameters"] = f"{row.params:,}"
        described[layer.name] = words
    return described


def _words(spec: Spec, layer: AnyLayer, row: LayerReport) -> Iterator[tuple[str, str]]:
    match layer:
        case Conv():
            yield "kind", _CONVOLUTIONS[layer.shared]
            yield "kernels", f"{row.output[0]:,} of {layer.kernel} × {layer.kernel}, stride {layer.stride}"
            yield "padding", _padding(layer, row)
            yield from _sight(spec, layer)
            yield from _weighted(spec, layer)
        case Dense():
            yield "kind", "fully connected"
            yield "neurons", f"{row.output[0]:,}"
            yield from _sight(spec, layer)
            yield from _weighted(spec, layer)
        case ResponseNorm():
            yield "kind", "response normalisation"
            divided = f" / {layer.size}" if layer.divide_by_size else ""
            yield (
                "formula",
                f"n = {layer.size}, α = {layer.alpha:g}{divided}, β = {layer.beta:g}, k = {layer.k:g}",
            )
            own = spec.towers > 1 and not layer.across_towers
            yield "sees", "its own tower" if own else "all channels"
        case MapNorm():
            yield "kind", "normalisation within a map"
            size = f"{layer.size} × {layer.size}"
            yield (
                "formula",
                f"{size}, α = {layer.alpha:g} / {layer.size**2}, β = {layer.beta:g}, k = {layer.k:g}",
            )
        case Pool():
            yield "kind", f"{layer.method} pooling"
            overlap = "overlapping" if layer.kernel > layer.stride else "not overlapping"
            yield "windows", f"{layer.kernel} × {layer.kernel}, stride {layer.stride}, {overlap}"
            yield "padding", _padding(layer, row)
        case GlobalPool():
            yield "kind", "average of each map"
        case BatchNorm():
            yield "kind", "batch normalisation"
        case Dropout():
            yield "kind", "dropout"
            yield "rate", f"{layer.rate:g}"
    if isinstance(layer, Conv | Dense | BatchNorm) or activation_of(layer) != "none":
        yield "then", _ACTIVATIONS[activation_of(layer)]


def _padding(layer: Conv | Pool, row: LayerReport) -> str:
    behind = row.padding + row.overhang
    if layer.sizing == "same":
        return f"SAME: {row.padding} before, {behind} after"
    if row.overhang:
        return f"{row.padding} before, {behind} after: the last window is kept"
    return str(row.padding)


def _sight(spec: Spec, layer: Conv | Dense) -> Iterator[tuple[str, str]]:
    groups = layer.groups
    if layer is spec.layers[0]:
        yield "sees", "the image"
    elif spec.towers > 1:
        yield "sees", "its own tower" if groups % spec.towers == 0 else "both towers"
    else:
        yield "sees", f"its own of {groups} groups" if groups > 1 else "everything"


def _weighted(spec: Spec, layer: Conv | Dense) -> Iterator[tuple[str, str]]:
    cut = ", cut at two deviations" if layer.truncated else ""
    own = layer.deviation
    if layer.weights_of:
        yield "weights", f"those of {layer.weights_of}"
    else:
        words = _WEIGHTS[spec.initialisation] if own is None else f"normal, deviation {own:g}{cut}"
        yield "first weights", words
        yield "weights learn", _pace(layer.rate)
    yield "first bias", f"{first_bias(spec, layer, spec.initialisation):g}"
    yield "biases learn", _pace(layer.bias_rate)
    yield "decay", "the recipe's" if layer.decay == 1 else f"{layer.decay:g} times the recipe's"


def _pace(rate: float) -> str:
    if rate == 1:
        return "at the recipe's rate"
    return f"at {rate:g} times the recipe's rate" if rate else "not at all"


def _place(spec: Spec, position: int, common: set[str]) -> str:
    """Where it stands: a normalisation beside the activation; else the layer that it follows in both networks.

    A layer with weights is placed among its like, so that a dropout that has moved is told once.
    """
    layer, before = spec.layers[position], spec.layers[:position]
    if isinstance(layer, ResponseNorm | MapNorm):
        return _beside_activation(before)
    if isinstance(layer, Conv | Dense):
        before = tuple(other for other in before if isinstance(other, Conv | Dense))
    follows = [other.name for other in before if other.name in common]
    return f"after {follows[-1]}" if follows else "first"


def _beside_activation(before: tuple[AnyLayer, ...]) -> str:
    for layer in reversed(before):
        if activation_of(layer) != "none":
            return f"after {layer.name}'s {_ACTIVATIONS[activation_of(layer)]}"
        if isinstance(layer, Conv | Dense):
            return f"before {layer.name}'s activation"
    return "first"


def _whole(words: Words | None) -> str:
    if words is None:
        return ABSENT
    told = {name: text for name, text in words.items() if name not in {"place", "output", "parameters"}}
    return ", ".join(told.values())


def _merged(ours: list[str], theirs: list[str]) -> list[str]:
    """All of both, in the order of `ours`; what only `theirs` has comes after what it follows there."""
    merged = list(ours)
    for position, name in enumerate(theirs):
        if name not in merged:
            anchor = next((other for other in reversed(theirs[:position]) if other in merged), None)
            merged.insert(merged.index(anchor) + 1 if anchor is not None else 0, name)
    return merged
