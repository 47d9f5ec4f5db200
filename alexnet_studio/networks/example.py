"""A layer's arithmetic on a few numbers that a person can change: what is asked, without the answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Operation = Literal["conv", "max", "average", "rnorm", "dropout", "softmax"]
OPERATIONS: tuple[Operation, ...] = ("conv", "max", "average", "rnorm", "dropout", "softmax")
# As in `layers`, whose pydantic the window's first paint cannot wait for.
Sizing = Literal["floor", "ceil", "same"]
Numbers = tuple[tuple[float, ...], ...]  # rows

LARGEST = 1000.0  # of a number in a cell
_SIDE = 5


@dataclass(frozen=True, slots=True)
class Example:
    """`grid` is the input: a map of 5 x 5, or one row (the channels at a pixel, or the classes).

    `kernel` are the weights of "conv" (window x window) and the mask of "dropout" (as `grid`; 1 keeps, 0 silences);
    the other operations have none. Fields that an operation does not use keep their values.
    """

    operation: Operation
    grid: Numbers
    kernel: Numbers = ()
    window: int = 3
    stride: int = 1
    padding: int = 0
    sizing: Sizing = "floor"
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 2.0
    rate: float = 0.5


def example(operation: Operation) -> Example:
    """What each operation begins with: small numbers whose sums can be checked in the head."""
    match operation:
        case "conv":
            return Example("conv", _MAP, ((1, 0, -1), (1, 0, -1), (1, 0, -1)))
        case "max" | "average":
            # Section 3.4: windows of 3 every 2 pixels overlap.
            return Example(operation, _MAP, stride=2)
        case "rnorm":
            return Example("rnorm", ((2, 10, 40, 3, 0, 25, 1),), window=5)
        case "dropout":
            mask = tuple(
                tuple(float((row + 2 * column) % 3 > 0) for column in range(_SIDE)) for row in range(2)
            )
            return Example("dropout", _MAP[:2], mask)
        case "softmax":
            return Example("softmax", ((2, 1, 0.1, -1, 3),))


def puzzle() -> Example:
    """Seed 001's: a 5 x 5 map, a kernel of 3 with padding 1. What side has the answer?"""
    ones: Numbers = ((1.0,) * 3,) * 3
    return replace(example("conv"), kernel=ones, padding=1)


def with_field(example: Example, field: str, value: object) -> Example:
    """Another window, stride and so on, within what the grid has room for; what cannot be leaves it as it is."""
    if field in {"window", "stride", "padding"}:
        number = _whole(value)
        lowest, highest = (0, 2) if field == "padding" else (1, len(example.grid[0]))
        if number is None or not lowest <= number <= highest:
            return example
        changed = replace(example, **{field: number})  # pyright: ignore[reportArgumentType]
        return _resized(changed) if field == "window" else changed
    if field == "sizing" and value in {"floor", "ceil", "same"}:
        sizing: Sizing = "floor" if value == "floor" else "ceil" if value == "ceil" else "same"
        return replace(example, sizing=sizing)
    number = parsed(value)
    limits = {"alpha": (0.0, 10.0), "beta": (0.0, 10.0), "k": (1e-6, 100.0), "rate": (0.0, 0.99)}
    if field not in limits or number is None or not limits[field][0] <= number <= limits[field][1]:
        return example
    return replace(example, **{field: number})  # pyright: ignore[reportArgumentType]


def with_cell(example: Example, part: Literal["grid", "kernel"], row: int, column: int, text: str) -> Example:
    """Another number in a cell; what is no number between -1000 and 1000 leaves it as it is."""
    number = parsed(text)
    if number is None or abs(number) > LARGEST:
        return example
    if example.operation == "dropout" and part == "kernel":
        number = float(number != 0)
    rows = [list(one) for one in getattr(example, part)]
    rows[row][column] = number
    numbers: Numbers = tuple(map(tuple, rows))
    return replace(example, grid=numbers) if part == "grid" else replace(example, kernel=numbers)


def parsed(value: object) -> float | None:
    """A number as a person types it, with a comma or a real minus as well."""
    try:
        number = float(str(value).strip().replace(",", ".").replace("−", "-"))
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def written(number: float, digits: int = 4) -> str:
    """Short, with a real minus: at most `digits` that count."""
    text = f"{number + 0.0:.{digits}g}"  # adding zero takes the sign off a negative zero
    return f"−{text[1:]}" if text.startswith("-") else text


def _whole(value: object) -> int | None:
    number = parsed(value)
    return None if number is None or number != int(number) else int(number)


def _resized(example: Example) -> Example:
    """The kernel cut or filled with zeros, so that it is as large as the window."""
    if example.operation != "conv":
        return example
    size, old = example.window, example.kernel
    rows = range(size)
    return replace(
        example,
        kernel=tuple(
            tuple(old[row][column] if max(row, column) < len(old) else 0.0 for column in rows) for row in rows
        ),
    )


_MAP: Numbers = (
    (1, 0, 2, 3, 1),
    (4, 6, 6, 8, 0),
    (3, 1, 1, 0, 2),
    (1, 2, 2, 4, 5),
    (0, 3, 1, 1, 2),
)
