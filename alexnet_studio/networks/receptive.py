"""Which pixels of the image a unit can see: the exact rectangle, with every padding and border; no torch."""

from __future__ import annotations

from dataclasses import dataclass

from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense, GlobalPool, MapNorm, Pool
from alexnet_studio.networks.spec import Spec, named_layer
from alexnet_studio.networks.windows import Windows


@dataclass(frozen=True, slots=True)
class Field:
    """Pixels of the network's input: `top` to before `bottom`, `left` to before `right`.

    All four are 0 where a window lies in the padding alone, along either side.
    """

    top: int
    left: int
    bottom: int
    right: int


def receptive_field(spec: Spec, layer: str, row: int = 0, column: int = 0) -> Field:
    """What the units of `layer` at a place of its map see; those of a fully connected layer have no place.

    Not the square of `LayerReport.receptive_field`, which runs over the image's edges: it is cut there, layer by
    layer. Raises `BadInput` ("unknown_layer", and what `arithmetic.report` raises).
    """
    last = [one.name for one in spec.layers].index(named_layer(spec, layer))
    rows = report(spec).rows
    # A fully connected layer is given numbers without a place: one, as far as places go.
    sides = [spec.image_size, *(row.output[1] if len(row.output) == 3 else 1 for row in rows)]
    down, across = (row, row + 1), (column, column + 1)
    for number in range(last, -1, -1):
        down, across = (_seen(spec.layers[number], place, sides[number]) for place in (down, across))
    if down[0] == down[1] or across[0] == across[1]:
        return Field(0, 0, 0, 0)
    return Field(down[0], across[0], down[1], across[1])


def _seen(layer: AnyLayer, place: tuple[int, int], side: int) -> tuple[int, int]:
    """From a stretch of a layer's outputs to the stretch of its `side` inputs, both along one side of the map."""
    first, end = place
    if first == end:
        return 0, 0
    match layer:
        case Conv() | Pool():
            windows = Windows.of(layer)
            before = windows.margins(side)[0]
            # Sizes that are rounded up may put whole windows beyond the map, where steps are wider than windows.
            last = min(end - 1, (side - 1 + before) // windows.stride)
            if last < first:
                return 0, 0
            first, end = first * windows.stride - before, last * windows.stride - before + windows.kernel
        case MapNorm():
            first, end = first - layer.size // 2, end + (layer.size - 1) // 2
        case GlobalPool() | Dense():
            return 0, side
        case _:
            return place
    first = max(first, 0)
    return first, max(first, min(end, side))
