"""Thinning, marking and reading curves: plain numpy, no Qt."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def thinned(x: Floats, y: Floats, low: float, high: float, pixels: int) -> tuple[Floats, Floats]:
    """What is seen of a curve between `low` and `high` on `pixels` columns: the lowest and highest of each.

    `x` ascends. One point beyond each edge is kept, so that the line runs to the edge. A column is a gap where all of
    its points are.
    """
    x, y = _visible(x, y, low, high)
    if len(x) < 4 * pixels:
        return x, y
    edges = np.linspace(low, high, pixels + 1)
    # The columns without a point have none to show, and `reduceat` takes no empty ones.
    starts = np.unique(np.append(0, np.searchsorted(x, edges)))
    starts = starts[starts < len(x)]
    lowest, highest = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    first = y[starts]
    rising = np.abs(first - lowest) <= np.abs(
        first - highest
    )  # the one that is nearer to where the column begins
    pairs = np.stack((np.where(rising, lowest, highest), np.where(rising, highest, lowest)), axis=1)
    ends = np.append(starts[1:], len(x)) - 1
    return np.stack((x[starts], x[ends]), axis=1).ravel(), pairs.ravel()


def averaged(x: Floats, y: Floats, low: float, high: float, pixels: int) -> tuple[Floats, Floats]:
    """The visible part of a smooth curve with at most a few points a pixel, each the mean of its neighbours."""
    x, y = _visible(x, y, low, high)
    per_point = len(x) // max(1, pixels)
    if per_point < 2:
        return x, y
    starts = np.arange(0, len(x) - per_point + 1, per_point)
    mean_x = x[starts + per_point // 2]
    mean_y = np.add.reduceat(y[: starts[-1] + per_point], starts) / per_point
    # The ends stay where they are, so that the newest value is the one that is drawn.
    return np.concatenate((x[:1], mean_x, x[-1:])), np.concatenate((y[:1], mean_y, y[-1:]))


def _visible(x: Floats, y: Floats, low: float, high: float) -> tuple[Floats, Floats]:
    first = max(0, int(np.searchsorted(x, low, "left")) - 1)
    last = min(len(x), int(np.searchsorted(x, high, "right")) + 1)
    return x[first:last], y[first:last]


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


_TIMES = (
    *(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0),
    *(3600.0, 7200.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0),
)


def time_step(span_: float, count: int) -> float:
    """The distance of marks in seconds that a clock has, for about `count` of them in `span_`; days are counted."""
    rough = span_ / max(1, count)
    if rough > _TIMES[-1]:
        return 86_400.0 * max(1.0, nice_step(span_ / 86_400.0, count))
    return next((step for step in _TIMES if step >= rough), _TIMES[0])


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
