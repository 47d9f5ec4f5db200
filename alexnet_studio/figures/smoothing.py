"""A noisy curve with its noise averaged away: one way, for the screen and for paper."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_BLOCK = 32
_LEAST_LOG = (
    -20.0
)  # exp(-20): what is left of the past after a gap is nothing, and 32 of them are still a number
_FIRST = 64


class Smoother:
    """The debiased exponential mean of a growing curve; each call computes only what was appended.

    With `weight` w in [0, 1), the points (x_i, y_i) and the curve's ordinary distance u between two points (the median
    of its first 63 distances)

        w_i = w ** ((x_i - x_(i-1)) / u)
        v_i = w_i v_(i-1) + y_i,   d_i = w_i d_(i-1) + 1,   smoothed_i = v_i / d_i,   v_(-1) = d_(-1) = 0

    so that the past counts by how far it lies back in x, not by how many points are between. At equal distances this
    is the smoothing of TensorBoard. A NaN adds nothing to v and d, and stays a gap.
    """

    def __init__(self, weight: float) -> None:
        """Raises ValueError for a weight outside [0, 1)."""
        if not 0 <= weight < 1:
            raise ValueError(f"a smoothing of {weight} is not within 0 and 1")
        self.weight = weight
        self._reset()

    def smoothed(self, x: Floats, y: Floats) -> Floats:
        """As long as `y`. Another curve than last time's, longer or shorter, is computed from its beginning."""
        if self.weight == 0:
            return y
        unit = _unit(x)
        if unit != self._unit or not self._continues(x, y):
            self._reset()
            self._unit = unit
        if len(y) > self._done:
            self._append(x, y)
        self._seen = (x, y)
        return self._mean[: self._done]

    def _continues(self, x: Floats, y: Floats) -> bool:
        # Three points tell one run from another; comparing all would cost what is saved here.
        if not self._done:
            return True
        if len(y) < self._done:
            return False
        places = [0, self._done // 2, self._done - 1]
        old_x, old_y = self._seen
        return np.array_equal(x[places], old_x[places]) and np.array_equal(
            y[places], old_y[places], equal_nan=True
        )

    def _reset(self) -> None:
        self._done = 0
        self._unit = 1.0
        self._seen: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        self._last = (0.0, 0.0)  # v and d
        self._mean: Floats = np.empty(0)

    def _append(self, x: Floats, y: Floats) -> None:
        start, end = self._done, len(y)
        before = x[max(0, start - 1) : end - 1] if start else np.append(x[:1], x[: end - 1])
        logs = np.log(self.weight) * np.maximum(0.0, x[start:end] - before) / self._unit
        tail = y[start:]
        present = np.isfinite(tail)
        added = np.stack((np.where(present, tail, 0.0), present.astype(np.float64)))
        sums = _decayed_sums(np.maximum(logs, _LEAST_LOG), added, self._last)
        self._last = float(sums[0, -1]), float(sums[1, -1])
        if end > len(self._mean):
            grown = np.empty(max(1024, 2 * end))
            grown[:start] = self._mean[:start]
            self._mean = grown
        out = self._mean[start:end]
        out[:] = np.nan
        np.divide(sums[0], sums[1], out=out, where=present)
        self._done = end


def smoothed(x: Floats, y: Floats, weight: float) -> Floats:
    """`y` as a `Smoother` smooths it. Raises ValueError for a weight outside [0, 1)."""
    return Smoother(weight).smoothed(x, y)


def _unit(x: Floats) -> float:
    distances = np.diff(x[:_FIRST])
    distances = distances[distances > 0]
    return float(np.median(distances)) if len(distances) else 1.0


def _decayed_sums(logs: Floats, added: Floats, last: tuple[float, float]) -> Floats:
    """s_i = exp(logs_i) s_(i-1) + added_i for each row of `added`, from `last` on: (rows, n).

    In blocks of 32 points, each as a sum of exponentials as if it began at 0; only what one block hands to the next
    is a loop.
    """
    count = len(logs)
    blocks = -(-count // _BLOCK)
    room = np.zeros((3, blocks * _BLOCK))
    room[0, :count] = logs
    room[1:, :count] = added
    decay = np.cumsum(room[0].reshape(blocks, _BLOCK), axis=1)
    out = room[1:].reshape(len(added), blocks, _BLOCK)
    out *= np.exp(-decay)
    np.cumsum(out, axis=2, out=out)
    decays = np.exp(decay)
    out *= decays
    for row, start in zip(out, last, strict=True):
        starts: list[float] = []
        for whole, own in zip(decays[:, -1].tolist(), row[:, -1].tolist(), strict=True):
            starts.append(start)
            start = whole * start + own
        row += decays * np.array(starts)[:, None]
    return out.reshape(len(added), -1)[:, :count]
