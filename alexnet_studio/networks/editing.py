"""Changing a network's plan layer by layer. Each function gives a new spec; none looks whether it fits together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

from pydantic import ValidationError

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import (
    AnyLayer,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    GlobalPool,
    MapNorm,
    Pool,
    ResponseNorm,
)
from alexnet_studio.networks.spec import Spec

# What a new layer of each kind begins as.
_NEW: dict[str, Callable[[str], AnyLayer]] = {
    "conv": lambda name: Conv(name, 96, 3, padding=1),
    "pool": lambda name: Pool(name, 2, 2),
    "rnorm": ResponseNorm,
    "cnorm": MapNorm,
    "bnorm": BatchNorm,
    "gpool": GlobalPool,
    "fc": lambda name: Dense(name, 256),
    "dropout": Dropout,
}
KINDS = tuple(_NEW)


def changed(spec: Spec, layer: str, field: str, value: object) -> Spec:
    """`spec` with another value in a field of `layer`. Raises `BadInput` ("layer_field") for a value that cannot be."""
    at = _position(spec, layer)
    before = spec.layers[at]
    if field == "kind" or field not in {one.name for one in fields(before)}:
        raise BadInput(
            "layer_field", "{layer}: it has no {field} that could be changed.", layer=layer, field=field
        )
    options: dict[str, Any] = {field: value}
    try:
        after = replace(before, **options)
    except ValidationError as error:
        raise BadInput(
            "layer_field",
            "{layer}: {field} {reason}.",
            layer=layer,
            field=field,
            reason=_reason(error.errors()[0], value),
        ) from None
    layers = (*spec.layers[:at], after, *spec.layers[at + 1 :])
    if field == "name":
        layers = tuple(_pointing(one, before.name, after.name) for one in layers)
    return replace(spec, layers=layers)


def inserted(spec: Spec, kind: str, after: str | None) -> Spec:
    """`spec` with a new layer of `kind` behind `after`, or at the front. Raises `BadInput` ("unknown_kind")."""
    make = _NEW.get(kind)
    if make is None:
        raise BadInput(
            "unknown_kind",
            "There is no kind of layer called {kind}. Choose one of: {kinds}.",
            kind=kind,
            kinds=", ".join(KINDS),
        )
    at = 0 if after is None else _position(spec, after) + 1
    return replace(spec, layers=(*spec.layers[:at], make(_free_name(spec, kind)), *spec.layers[at:]))


def removed(spec: Spec, layer: str) -> Spec:
    at = _position(spec, layer)
    return replace(spec, layers=(*spec.layers[:at], *spec.layers[at + 1 :]))


def moved(spec: Spec, layer: str, by: int) -> Spec:
    """`by` places towards the classifier; a layer that is at an end stays there."""
    at = _position(spec, layer)
    to = max(0, min(len(spec.layers) - 1, at + by))
    rest = (*spec.layers[:at], *spec.layers[at + 1 :])
    return replace(spec, layers=(*rest[:to], spec.layers[at], *rest[to:]))


def frozen(spec: Spec, layer: str | None) -> Spec:
    """`spec` whose layers up to and including `layer` do not learn, and all others do; None: all learn.

    A frozen layer has a rate of 0; one that thaws gets the recipe's own. Raises `BadInput` ("unknown_layer").
    """
    last = -1 if layer is None else _position(spec, layer)

    def with_rates(place: int, one: AnyLayer) -> AnyLayer:
        if not isinstance(one, Conv | Dense):
            return one
        if place <= last:
            return replace(one, rate=0.0, bias_rate=0.0)
        return replace(one, rate=one.rate or 1.0, bias_rate=one.bias_rate or 1.0)

    return replace(spec, layers=tuple(with_rates(place, one) for place, one in enumerate(spec.layers)))


def as_own(spec: Spec) -> Spec:
    """`spec` as a network of the person's own: it keeps its source, but not the name of what it no longer is."""
    if spec.name.endswith("-changed"):
        return spec
    return replace(spec, name=f"{spec.name}-changed", title=f"{spec.title}, changed")


def _pointing(layer: AnyLayer, old: str, new: str) -> AnyLayer:
    """`layer`, whose weights may be those of a layer that has another name now."""
    if isinstance(layer, Conv | Dense) and layer.weights_of == old:
        return replace(layer, weights_of=new)
    return layer


def _position(spec: Spec, layer: str) -> int:
    for position, one in enumerate(spec.layers):
        if one.name == layer:
            return position
    raise BadInput(
        "unknown_layer",
        "The network {network} has no layer called {layer}. Choose one of: {layers}.",
        network=spec.name,
        layer=layer,
        layers=", ".join(one.name for one in spec.layers),
    )


def _free_name(spec: Spec, kind: str) -> str:
    taken = {layer.name for layer in spec.layers}
    number = 1
    while f"{kind}{number}" in taken:
        number += 1
    return f"{kind}{number}"


def _reason(problem: Any, value: object) -> str:
    bounds = problem.get("ctx", {})
    shown = "nothing" if value is None or value == "" else value
    match problem["type"]:
        case "greater_than_equal":
            return f"must be at least {bounds['ge']:g}; you gave {shown}"
        case "greater_than":
            return f"must be larger than {bounds['gt']:g}; you gave {shown}"
        case "less_than_equal":
            return f"must be at most {bounds['le']:g}; you gave {shown}"
        case "less_than":
            return f"must be smaller than {bounds['lt']:g}; you gave {shown}"
        case "string_pattern_mismatch":
            return f"must be a letter and then letters, digits or _; you gave {shown}"
        case "literal_error":
            return f"must be {bounds['expected']}".replace("'", "")
        case _:
            return f"must be a number; you gave {shown}"
