"""How many tiles a row, and how large: plain arithmetic, no Qt."""

from __future__ import annotations

from alexnet_studio.studio.widgets.cell_grid import CellGrid

_COLUMNS = (16, 12, 8, 6, 4)  # 16 as in the paper's Fig. 3, fewer where they would become too small to see
_SMALLEST_PX = 15.0
_LARGEST_PX = 48.0
_MOSAIC_PX = 24  # wider than any kernel


def laid_out(
    count: int, tile_px: tuple[int, int], width: float, gap: float, device_ratio: float = 1.0
) -> CellGrid:
    """`count` tiles of `tile_px` own pixels in `width` logical pixels; each own pixel covers whole device pixels.

    The columns are the most of 16, 12, 8, 6, 4 at which a tile is not too small to see.
    """
    for columns in _columns_for(count):
        side = _side(tile_px[0], (width + gap) / columns - gap, device_ratio)
        if side >= _smallest(tile_px[0]):
            break
    else:
        columns = _COLUMNS[-1]
        side = max(1.0, (width + gap) / columns - gap)
    return CellGrid(count, columns, side, side * tile_px[1] / tile_px[0], gap, gap)


def _smallest(own: int) -> float:
    """A tile that is itself a mosaic is read at twice its own size."""
    return 2.0 * own if own > _MOSAIC_PX else _SMALLEST_PX


def _columns_for(count: int) -> tuple[int, ...]:
    """16, 12, 8, 6, 4; led by the divisor of `count` that fills its rows, where 16 would leave one half empty."""
    ragged = count > 16 and 0 < count % 16 <= 8
    full = next((columns for columns in range(15, 9, -1) if count % columns == 0), None)
    return (full, *_COLUMNS[2:]) if ragged and full is not None else _COLUMNS


def _side(own: int, room: float, device_ratio: float) -> float:
    """The largest whole multiple of `own` device pixels that fits into `room`, in logical pixels."""
    fits = int(min(room, max(_LARGEST_PX, _smallest(own))) * device_ratio) // own
    return fits * own / device_ratio
