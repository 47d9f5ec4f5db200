"""The answer of an example, each number with its sum written out; plain Python, no torch."""

from __future__ import annotations

import math
from dataclasses import dataclass

from alexnet_studio.networks.example import Example, Numbers, written
from alexnet_studio.networks.windows import Windows

Place = tuple[int, int]  # row and column of the grid; outside of it in the padding and the overhang


@dataclass(frozen=True, slots=True)
class Cell:
    """One output: what it sees of the grid, and how it comes about."""

    value: float
    seen: tuple[Place, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Worked:
    """`before` and `behind` are rows and columns that the windows need outside of the grid.

    Without cells no window fits.
    """

    cells: tuple[tuple[Cell, ...], ...]
    before: int = 0
    behind: int = 0


def worked(example: Example) -> Worked:
    match example.operation:
        case "conv" | "max" | "average":
            return _windowed(example)
        case "rnorm":
            row = example.grid[0]
            return Worked((tuple(_normalised(example, row, at) for at in range(len(row))),))
        case "dropout":
            rows = range(len(example.grid))
            columns = range(len(example.grid[0]))
            return Worked(tuple(tuple(_dropped(example, row, at) for at in columns) for row in rows))
        case "softmax":
            row = example.grid[0]
            return Worked((tuple(_softmax(row, at) for at in range(len(row))),))


def _windowed(example: Example) -> Worked:
    side = len(example.grid)
    pools = example.operation != "conv"
    windows = Windows(
        example.window, example.stride, 0 if pools else example.padding, example.sizing, pools=pools
    )
    count = windows.outputs(side)
    if count < 1:
        return Worked(())
    before, behind = windows.margins(side)
    cells = tuple(
        tuple(_window(example, _places(example, before, row, column)) for column in range(count))
        for row in range(count)
    )
    return Worked(cells, before, behind)


def _places(example: Example, before: int, row: int, column: int) -> tuple[Place, ...]:
    top, left = row * example.stride - before, column * example.stride - before
    return tuple((top + i, left + j) for i in range(example.window) for j in range(example.window))


def _window(example: Example, places: tuple[Place, ...]) -> Cell:
    if example.operation == "conv":
        weights = [weight for row in example.kernel for weight in row]
        values = [_at(example.grid, place) or 0.0 for place in places]
        total = math.fsum(a * w for a, w in zip(values, weights, strict=True))
        terms = [f"{_factor(a)} × {_factor(w)}" for a, w in zip(values, weights, strict=True)]
        return Cell(total, places, f"{' + '.join(terms)} = {written(total)}")
    inside = [value for value in (_at(example.grid, place) for place in places) if value is not None]
    listed = [_factor(value) for value in inside]
    if example.operation == "max":
        return Cell(max(inside), places, f"max({', '.join(listed)}) = {written(max(inside))}")
    mean = math.fsum(inside) / len(inside)
    return Cell(mean, places, f"({' + '.join(listed)}) / {len(inside)} = {written(mean)}")


def _normalised(example: Example, row: tuple[float, ...], at: int) -> Cell:
    """b = a / (k + alpha * sum of a^2 over the window of channels)^beta; channels that are not there count nothing."""
    first, last = at - example.window // 2, at + (example.window - 1) // 2
    seen = range(max(0, first), min(len(row) - 1, last) + 1)
    total = math.fsum(row[channel] ** 2 for channel in seen)
    value = row[at] / (example.k + example.alpha * total) ** example.beta
    squares = " + ".join(f"{_factor(row[channel])}²" for channel in seen)
    text = (
        f"{written(row[at])} / ({written(example.k)} + {example.alpha:g} × ({squares}))^{example.beta:g} = "
        f"{written(value)}"
    )
    return Cell(value, tuple((0, channel) for channel in seen), text)


def _dropped(example: Example, row: int, column: int) -> Cell:
    """As torch does: what is kept is scaled, so that testing needs no factor."""
    value, kept = example.grid[row][column], example.kernel[row][column]
    result = value * kept / (1 - example.rate)
    text = f"{_factor(value)} × {kept:g} / (1 − {example.rate:g}) = {written(result)}"
    return Cell(result, ((row, column),), text)


def _softmax(row: tuple[float, ...], at: int) -> Cell:
    # Without the largest: the same quotient, and no power that overflows.
    largest = max(row)
    powers = [math.exp(value - largest) for value in row]
    value = powers[at] / math.fsum(powers)
    below = " + ".join(f"e^{_factor(other)}" for other in row)
    text = f"e^{_factor(row[at])} / ({below}) = {written(value)}"
    return Cell(value, tuple((0, column) for column in range(len(row))), text)


def _at(grid: Numbers, place: Place) -> float | None:
    """The number there; None outside of the grid."""
    row, column = place
    return grid[row][column] if 0 <= row < len(grid) and 0 <= column < len(grid[0]) else None


def _factor(number: float) -> str:
    """Negative numbers in brackets, so that signs do not run into each other."""
    return f"({written(number)})" if number < 0 else written(number)
