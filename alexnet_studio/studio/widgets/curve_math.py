"""Smoothing, thinning and reading curves: plain numpy, no Qt."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_BLOCK = 128


class Smoother:
    """The debiased exponential mean of a growing curve; each call computes only what was appended.

    `weight` in 0..1: 0 is the raw curve, 0.99 the smoothest. Gaps (NaN) stay gaps and do not pull the mean.
    """

    def __init__(self, weight: float) -> None:
        self.weight = weight
        self._reset()

    def smoothed(self, y: Floats) -> Floats:
        """As long as `y`. Another curve than last time's, longer or shorter, is computed from its beginning."""
        if not self._continues(y):
            self._reset()
        tail = y[self._done :]
        if len(tail):
            self._append(tail)
        self._seen = y
        return self._mean[: self._done]

    def _continues(self, y: Floats) -> bool:
        # Three points tell one run from another; comparing all would cost what is saved here.
        if not self._done:
            return True
        places = [0, self._done // 2, self._done - 1]
        return len(y) >= self._done and np.array_equal(y[places], self._seen[places], equal_nan=True)

    def _reset(self) -> None:
        self._done = 0
        self._seen: Floats = np.empty(0)
        self._value = 0.0
        self._mass = 0.0
        self._mean: Floats = np.empty(0)

    def _append(self, tail: Floats) -> None:
        present = np.isfinite(tail)
        values = decayed(np.where(present, tail, 0.0), self.weight, self._value)
        mass = decayed(present.astype(np.float64), self.weight, self._mass)
        self._value, self._mass = float(values[-1]), float(mass[-1])
        mean = np.full(len(tail), np.nan)
        np.divide(values, mass, out=mean, where=present)
        if self._done + len(tail) > len(self._mean):
            grown = np.empty(max(1024, 2 * (self._done + len(tail))))
            grown[: self._done] = self._mean[: self._done]
            self._mean = grown
        self._mean[self._done : self._done + len(tail)] = mean
        self._done += len(tail)


def decayed(x: Floats, weight: float, start: float) -> Floats:
    """s[t] = weight * s[t-1] + (1 - weight) * x[t], with s[-1] = `start`.

    Blocks of 128 at once by a triangular product; only what one block hands to the next is a loop.
    """
    powers = weight ** np.arange(_BLOCK + 1, dtype=np.float64)
    lag = np.arange(_BLOCK)[:, None] - np.arange(_BLOCK)[None, :]
    kernel = np.where(lag >= 0, (1 - weight) * powers[np.abs(lag)], 0.0)  # (block, block)
    blocks = np.zeros((-(-len(x) // _BLOCK), _BLOCK))
    blocks.ravel()[: len(x)] = x
    out = blocks @ kernel.T  # (blocks, block), each as if it began at 0
    for row in out:
        row += powers[1:] * start
        start = float(row[-1])
    return out.ravel()[: len(x)]


def thinned(x: Floats, y: Floats, low: float, high: float, pixels: int) -> tuple[Floats, Floats]:
    """What is seen of a curve between `low` and `high` on `pixels` columns: the lowest and highest of each.

    `x` ascends. One point beyond each edge is kept, so that the line runs to the edge.
    """
    first = max(0, int(np.searchsorted(x, low, "left")) - 1)
    last = min(len(x), int(np.searchsorted(x, high, "right")) + 1)
    x, y = x[first:last], y[first:last]
    per_column = len(x) // max(1, pixels)
    if per_column < 4:
        return x, y
    columns = len(x) // per_column
    body = columns * per_column
    blocks = y[:body].reshape(columns, per_column)
    gap = (
        np.isnan(blocks) if np.isnan(blocks.sum()) else None
    )  # a gap makes the sum one: the usual case is cheap
    lowest = np.argmin(blocks if gap is None else np.where(gap, np.inf, blocks), axis=1)
    highest = np.argmax(blocks if gap is None else np.where(gap, -np.inf, blocks), axis=1)
    starts = np.arange(columns) * per_column
    pairs = np.stack((starts + np.minimum(lowest, highest), starts + np.maximum(lowest, highest)), axis=1)
    kept = np.concatenate((pairs.ravel(), np.arange(body, len(x))))
    return x[kept], y[kept]


def averaged(x: Floats, y: Floats, low: float, high: float, pixels: int) -> tuple[Floats, Floats]:
    """The visible part of a smooth curve with at most a few points a pixel, each the mean of its neighbours."""
    first = max(0, int(np.searchsorted(x, low, "left")) - 1)
    last = min(len(x), int(np.searchsorted(x, high, "right")) + 1)
    x, y = x[first:last], y[first:last]
    per_point = len(x) // max(1, pixels)
    if per_point < 2:
        return x, y
    starts = np.arange(0, len(x) - per_point + 1, per_point)
    mean_x = x[starts + per_point // 2]
    mean_y = np.add.reduceat(y[: starts[-1] + per_point], starts) / per_point
    # The ends stay where they are, so that the newest value is the one that is drawn.
    return np.concatenate((x[:1], mean_x, x[-1:])), np.concatenate((y[:1], mean_y, y[-1:]))


def nice_step(span_: float, count: int) -> float:
    """The distance of axis marks: 1, 2, 2.5 or 5 times a power of ten, for about `count` marks in `span_`."""
    rough = span_ / max(1, count)
    if not np.isfinite(rough) or rough <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(rough))
    steps = [step * power for step in (1.0, 2.0, 2.5, 5.0, 10.0)]
    return float(min(steps, key=lambda step: abs(np.log(step / rough))))


def marks_between(low: float, high: float, step: float) -> list[float]:
    """The multiples of `step` from `low` to `high`, both included when they are multiples."""
    first, last = int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9))
    return [index * step for index in range(first, last + 1)]


def log_marks(low: float, high: float) -> list[float]:
    """Exponents from `low` to `high` of 1, 2 and 5 times the powers of ten; of the powers alone when many."""
    steps = (1.0, 2.0, 5.0) if high - low <= 3 else (1.0,)
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    return [mark for p in powers for mark in (p + float(np.log10(s)) for s in steps) if low <= mark <= high]


def value_at(x: Floats, y: Floats, at: float) -> float | None:
    """The value of the point nearest to `at`; None beside the curve and in a gap."""
    if not len(x) or at < x[0] - _reach(x) or at > x[-1] + _reach(x):
        return None
    right = int(np.clip(np.searchsorted(x, at), 1, len(x) - 1)) if len(x) > 1 else 0
    index = right - 1 if right and at - x[right - 1] < x[right] - at else right
    return float(y[index]) if np.isfinite(y[index]) else None


def span(curves: list[Floats]) -> tuple[float, float] | None:
    """Lowest and highest finite value of several curves."""
    lows: list[float] = []
    highs: list[float] = []
    for curve in curves:
        low, high = (float(curve.min()), float(curve.max())) if len(curve) else (np.nan, np.nan)
        if not (np.isfinite(low) and np.isfinite(high)):
            finite = curve[np.isfinite(curve)]
            if not len(finite):
                continue
            low, high = float(finite.min()), float(finite.max())
        lows.append(low)
        highs.append(high)
    return (min(lows), max(highs)) if lows else None


def _reach(x: Floats) -> float:
    return float(x[-1] - x[0]) / max(1, len(x) - 1) if len(x) > 1 else 1.0


def round_end(value: float) -> float:
    """The smallest of 1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten that is not below `value` > 0."""
    power = 10.0 ** math.floor(math.log10(value))
    steps = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)
    return next(step * power for step in steps if step * power >= value * (1 - 1e-12))
