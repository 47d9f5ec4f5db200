"""Curves as text: dots of Braille patterns, two across and four down in each character."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BLANK = 0x2800
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))  # by row, then column
_AXIS_WIDTH = 9


@dataclass(frozen=True, slots=True)
class Line:
    """`x` ascends; `mark` draws each point as this character instead of a line of dots."""

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    mark: str = ""


def plot(
    title: str, lines: Sequence[Line], width: int, height: int, *, low: float | None = None
) -> list[str]:
    """`height` lines of at most `width` characters, with the title, the range of y at the left, that of x below."""
    columns, rows = max(8, width - _AXIS_WIDTH - 2), max(2, height - 2)
    points = [_finite(line) for line in lines]
    xs = np.concatenate([x for x, _ in points]) if points else np.empty(0)
    ys = np.concatenate([y for _, y in points]) if points else np.empty(0)
    if not len(xs):
        return [title, *("" for _ in range(height - 1))]
    left, right = float(xs.min()), max(float(xs.max()), float(xs.min()) + 1)
    bottom, top = float(ys.min()) if low is None else min(low, float(ys.min())), float(ys.max())
    top = max(top, bottom + 1e-9)
    dots = np.zeros((rows, columns), np.int64)
    marks: dict[tuple[int, int], str] = {}
    for line, (x, y) in zip(lines, points, strict=True):
        across = (x - left) / (right - left) * (columns * 2 - 1)
        down = (top - y) / (top - bottom) * (rows * 4 - 1)
        if line.mark:
            for i, j in zip(down, across, strict=True):
                marks[round(float(i)) // 4, round(float(j)) // 2] = line.mark
        else:
            _draw(dots, across, down)
    named = "   ".join(f"{line.mark or '⠒'} {line.name}" for line in lines)
    drawn = [f"{title}   {named}"[:width]]
    for row in range(rows):
        label = {0: top, rows - 1: bottom}.get(row)
        text = "".join(marks.get((row, c)) or chr(_BLANK + int(dots[row, c])) for c in range(columns))
        drawn.append(f"{'' if label is None else _number(label):>{_AXIS_WIDTH}} │{text}")
    first, last = _number(left), _number(right)
    drawn.append(f"{'':{_AXIS_WIDTH}} └{first}{last:>{max(1, columns - len(first))}}")
    return drawn


def _finite(line: Line) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    kept = np.isfinite(line.x) & np.isfinite(line.y)
    return line.x[kept], line.y[kept]


def _draw(dots: NDArray[np.int64], across: NDArray[np.float64], down: NDArray[np.float64]) -> None:
    """Points joined by straight lines: each column of dots gets all between its neighbours' heights."""
    if len(across) == 1:
        _dot(dots, round(float(across[0])), round(float(down[0])))
    for x0, y0, x1, y1 in zip(across[:-1], down[:-1], across[1:], down[1:], strict=True):
        count = max(1, math.ceil(max(abs(x1 - x0), abs(y1 - y0))))
        for share in np.linspace(0.0, 1.0, count + 1):
            _dot(dots, round(float(x0 + share * (x1 - x0))), round(float(y0 + share * (y1 - y0))))


def _dot(dots: NDArray[np.int64], across: int, down: int) -> None:
    dots[down // 4, across // 2] |= _DOTS[down % 4][across % 2]


def _number(value: float) -> str:
    if value == round(value) and abs(value) < 1e7:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"
