"""Switches that apply to any network: what the paper's section 3 and 4 turned on and off, one at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from alexnet_studio.networks.layers import (
    STRICT,
    Activation,
    AnyLayer,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    MapNorm,
    Pool,
    ResponseNorm,
    activation_of,
    is_classifier,
)
from alexnet_studio.networks.spec import Initialisation, Spec
from alexnet_studio.networks.towers import Links, linked, wired

Norm = Literal["none", "after", "before"]
Pooling = Literal["overlapping", "plain", "average"]
Rate = float | None


@dataclass(frozen=True, config=STRICT)
class Switches:
    """What differs from the network as it is; None leaves it alone.

    `activation`: of every hidden layer that has one. `response_norm`: nowhere, or after or before the activation of
    the convolutions that have it (the first two where none has). `batch_norm`: between every hidden layer's own
    arithmetic and its activation. `pooling`: 3 by 2, 2 by 2, or averages. `dropout`: the rate after hidden fully
    connected layers; 0 takes it out. `towers`: whether the layers that the paper cuts see their own tower only.
    `links`: which of them see both.
    """

    activation: Activation | None = None
    response_norm: Norm | None = None
    batch_norm: bool | None = None
    pooling: Pooling | None = None
    dropout: float | None = Field(default=None, ge=0, lt=1)
    towers: bool | None = None
    links: Links | None = None
    initialisation: Initialisation | None = None


def switched(spec: Spec, switches: Switches) -> Spec:
    """`spec` with the switches thrown. Groups that do not divide are found by `arithmetic.report`."""
    changes: list[tuple[object, Callable[[Spec], Spec]]] = [
        (switches.activation, lambda s: _with_layers(s, _activated(s.layers, switches.activation or "none"))),
        (
            switches.response_norm,
            lambda s: _with_layers(s, _normalised(s.layers, switches.response_norm or "none")),
        ),
        (
            switches.batch_norm,
            lambda s: _with_layers(s, _batch_normalised(s.layers, bool(switches.batch_norm))),
        ),
        (switches.pooling, lambda s: _with_layers(s, _pooled(s.layers, switches.pooling or "overlapping"))),
        (switches.dropout, lambda s: _with_layers(s, _dropped(s.layers, switches.dropout or 0.0))),
        (switches.towers, lambda s: _cut(s) if switches.towers else wired(replace(s, towers=1), None)),
        (switches.links, lambda s: linked(s, switches.links or "conv3")),
        (switches.initialisation, lambda s: replace(s, initialisation=switches.initialisation or "he")),
    ]
    for wanted, change in changes:
        if wanted is not None:
            spec = change(spec)
    return spec


def _cut(spec: Spec) -> Spec:
    return wired(replace(spec, towers=2), _CROSSING)


_CROSSING = frozenset({"conv3", "fc6", "fc7"})  # the layers that see both towers in the paper


def _with_layers(spec: Spec, layers: Iterable[AnyLayer]) -> Spec:
    return replace(spec, layers=tuple(layers))


def _activated(layers: tuple[AnyLayer, ...], activation: Activation) -> Iterator[AnyLayer]:
    for layer in layers:
        yield _then(layer, activation) if activation_of(layer) != "none" else layer


def _normalised(layers: tuple[AnyLayer, ...], where: Norm) -> Iterator[AnyLayer]:
    """Without any; or each directly after its convolution, whose activation comes before or after it."""
    norms = [layer for layer in layers if isinstance(layer, ResponseNorm)]
    convolutions = [layer.name for layer in layers if isinstance(layer, Conv)]
    names = _normalised_convolutions(layers) or convolutions[:2]
    pending: Activation = "none"
    for layer in layers:
        if isinstance(layer, ResponseNorm | MapNorm):
            continue
        if isinstance(layer, Conv) and layer.name in names and where != "none":
            own = activation_of(layer)
            # A linear convolution gets its activation back from the pooling that had it.
            usual: Activation = own if own != "none" else _next_activation(layers, layer)
            pending = usual if own == "none" else "none"
            at = names.index(layer.name)
            norm = norms[at] if at < len(norms) else ResponseNorm(f"rnorm{at + 1}")
            yield _then(layer, "none" if where == "before" else usual)
            yield replace(norm, activation=usual if where == "before" else "none")
        elif pending != "none" and isinstance(layer, Pool):
            yield _then(layer, "none")
            pending = "none"
        else:
            yield layer


def _normalised_convolutions(layers: tuple[AnyLayer, ...]) -> list[str]:
    names: list[str] = []
    last = ""
    for layer in layers:
        if isinstance(layer, Conv):
            last = layer.name
        elif isinstance(layer, ResponseNorm) and last:
            names.append(last)
    return names


def _next_activation(layers: tuple[AnyLayer, ...], after: AnyLayer) -> Activation:
    for layer in layers[layers.index(after) + 1 :]:
        if isinstance(layer, Conv | Dense):
            break
        if activation_of(layer) != "none":
            return activation_of(layer)
    return "none"


def _batch_normalised(layers: tuple[AnyLayer, ...], wanted: bool) -> Iterator[AnyLayer]:
    before: AnyLayer | None = None
    for layer in layers:
        folds = isinstance(layer, BatchNorm) and not wanted
        if folds and before is not None and activation_of(before) == "none":
            before = _then(before, activation_of(layer))
            continue
        if before is not None:
            yield from _with_batch_norm(before, layer, wanted)
        before = layer
    if before is not None:
        yield from _with_batch_norm(before, None, wanted)


def _with_batch_norm(layer: AnyLayer, following: AnyLayer | None, wanted: bool) -> Iterator[AnyLayer]:
    hidden = isinstance(layer, Conv | Dense) and not is_classifier(layer)
    if wanted and hidden and not isinstance(following, BatchNorm):
        yield _then(layer, "none")
        yield BatchNorm(f"{layer.name}_norm", activation_of(layer))
    elif wanted or not isinstance(layer, BatchNorm):
        yield layer


def _pooled(layers: tuple[AnyLayer, ...], how: Pooling) -> Iterator[AnyLayer]:
    for layer in layers:
        if not isinstance(layer, Pool):
            yield layer
        elif how == "average":
            yield replace(layer, method="average")
        else:
            yield replace(layer, method="max", kernel=3 if how == "overlapping" else 2, stride=2)


def _dropped(layers: tuple[AnyLayer, ...], rate: float) -> Iterator[AnyLayer]:
    has = any(isinstance(layer, Dropout) for layer in layers)
    for layer in layers:
        if isinstance(layer, Dropout):
            if rate:
                yield replace(layer, rate=rate)
            continue
        yield layer
        if rate and not has and isinstance(layer, Dense) and not is_classifier(layer):
            yield Dropout(f"{layer.name}_drop", rate)


def _then(layer: AnyLayer, activation: Activation) -> AnyLayer:
    if isinstance(layer, Conv | ResponseNorm | Pool | BatchNorm | Dense):
        return replace(layer, activation=activation)
    return layer
