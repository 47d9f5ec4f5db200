"""How a layer's numbers come about: its formulas with the numbers put in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alexnet_studio.networks.layers import AnyLayer, BatchNorm, Conv, Dense, Pool, ResponseNorm
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.windows import Windows


@dataclass(frozen=True, slots=True)
class Formula:
    """`what` is one of output, parameters, multiply-adds, value; `text` ends in the number of the table."""

    what: str
    text: str


def formulas(layer: AnyLayer, row: LayerReport) -> tuple[Formula, ...]:
    """For the layer and its row of the report; nothing for layers that change neither size nor count."""
    return tuple(_formulas(layer, row))


def _formulas(layer: AnyLayer, row: LayerReport) -> Iterator[Formula]:
    match layer:
        case Conv():
            channels, side, _ = row.input
            filters, out, _ = row.output
            yield Formula("output", _size(Windows.of(layer), side, out))
            seen = f"{channels:,} / {layer.groups}" if layer.groups > 1 else f"{channels:,}"
            square = f"{layer.kernel} × {layer.kernel}"
            places = f"{out} × {out} × "
            weights = f"{places if layer.shared == 'nothing' else ''}{filters:,} × ({square} × {seen})"
            biases = f"{'' if layer.shared == 'all' else places}{filters:,} biases"
            yield Formula("parameters", _sum(layer, weights, biases, row))
            yield Formula(
                "multiply-adds", f"{out} × {out} × {filters:,} × ({square} × {seen}) = {row.macs:,}"
            )
        case Pool():
            yield Formula("output", _size(Windows.of(layer), row.input[1], row.output[1]))
        case Dense():
            inputs, outputs = row.input[0], row.output[0]
            seen = f"{inputs:,} / {layer.groups}" if layer.groups > 1 else f"{inputs:,}"
            yield Formula("parameters", _sum(layer, f"{outputs:,} × {seen}", f"{outputs:,} biases", row))
        case BatchNorm():
            yield Formula("parameters", f"2 × {row.input[0]:,} = {row.params:,}")
        case ResponseNorm():
            alpha = f"{layer.alpha:g} / {layer.size}" if layer.divide_by_size else f"{layer.alpha:g}"
            yield Formula(
                "value", f"b = a / ({layer.k:g} + {alpha} × Σ a² over {layer.size} channels) ^ {layer.beta:g}"
            )
        case _:
            return


def _sum(layer: Conv | Dense, weights: str, biases: str, row: LayerReport) -> str:
    if layer.weights_of:
        return f"the weights of {layer.weights_of}; {biases} = {row.params:,}"
    return f"{weights} + {biases} = {row.params:,}"


def _size(windows: Windows, side: int, out: int) -> str:
    """Section 3's windows: floor or ceiling of the room divided by the stride."""
    kernel, stride, padding = windows.kernel, windows.stride, windows.padding
    if windows.sizing == "same":
        before, behind = windows.margins(side)
        return f"⌈{side} / {stride}⌉ = {out}, with {before} pixels of padding before and {behind} after"
    room = f"{side} + 2 × {padding} − {kernel}" if padding else f"{side} − {kernel}"
    left, right = ("⌊", "⌋") if windows.sizing == "floor" else ("⌈", "⌉")
    behind = windows.margins(side)[1]
    overhang = behind - padding if windows.sizing == "ceil" else 0
    tail = f"; the last window overhangs by {overhang}" if overhang > 0 else ""
    return f"{left}({room}) / {stride}{right} + 1 = {out}{tail}"
