"""Where points of the plane lie on the screen: geometry alone, without Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]
_BORDER = 0.03  # of a side of the screen: what is free of points at each end, at least
_MOST_BORDER = 0.12


@dataclass(frozen=True, slots=True)
class PointView:
    """`centre` (x, y) of the plane is in the middle of `width` x `height` pixels; `scale` is pixels a unit, y up."""

    width: float
    height: float
    centre: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0

    def pixels(self, places: NDArray[np.float32]) -> Doubles:
        """(n, 2): from the left and from the top, of `places` (n, 2). Each column lies together in memory."""
        found: Doubles = np.empty((2, len(places)))
        scales, halves = (self.scale, -self.scale), (self.width / 2, self.height / 2)
        for axis in (0, 1):
            np.subtract(places[:, axis], self.centre[axis], out=found[axis], dtype=np.float64)
            found[axis] *= scales[axis]
            found[axis] += halves[axis]
        return found.T

    def panned(self, right: float, down: float) -> PointView:
        x, y = self.centre
        return replace(self, centre=(x - right / self.scale, y + down / self.scale))

    def zoomed(self, factor: float, x: float, y: float, least: float, most: float) -> PointView:
        """What lies under the pixel (x, y) stays there; `scale` stays between `least` and `most`."""
        scale = min(max(self.scale * factor, least), most)
        across, up = x - self.width / 2, self.height / 2 - y
        change = 1 / self.scale - 1 / scale
        return replace(
            self, centre=(self.centre[0] + across * change, self.centre[1] + up * change), scale=scale
        )


def fitted(places: NDArray[np.float32], width: float, height: float, border: float = 0.0) -> PointView:
    """All of `places` (n, 2) in view, `border` pixels from its ends where there is room; a single point, or none, in
    the middle.
    """
    if not len(places):
        return PointView(width, height)
    low, high = places.min(axis=0).astype(np.float64), places.max(axis=0).astype(np.float64)
    extent = high - low
    middle = (low + high) / 2
    scales = [
        (side - 2 * min(max(_BORDER * side, border), _MOST_BORDER * side)) / length
        for side, length in zip((width, height), extent, strict=True)
        if length > 0
    ]
    return PointView(width, height, (float(middle[0]), float(middle[1])), float(min(scales, default=1.0)))


def nearest(pixels: Doubles, x: float, y: float, reach: float) -> int | None:
    """The row of `pixels` nearest to (x, y), if one is within `reach`; of equally near ones the last, drawn on top."""
    if not len(pixels):
        return None
    apart = np.hypot(pixels[:, 0] - x, pixels[:, 1] - y)
    index = len(apart) - 1 - int(apart[::-1].argmin())
    return index if apart[index] <= reach else None


def without_overlap(pixels: Doubles, side: float) -> list[int]:
    """Rows whose squares of `side` about `pixels` (n, 2) do not touch an earlier one of them."""
    cells: dict[tuple[int, int], tuple[float, float]] = {}
    kept: list[int] = []
    for row, (x, y) in enumerate(pixels.tolist()):
        column, line = int(x // side), int(y // side)
        near = (cells.get((column + i, line + j)) for i in (-1, 0, 1) for j in (-1, 0, 1))
        if all(one is None or abs(one[0] - x) >= side or abs(one[1] - y) >= side for one in near):
            cells[column, line] = (x, y)
            kept.append(row)
    return kept
