"""What the worked example and the activations show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CellsView:
    """A small table of numbers. `before` and `behind` rows and columns lie outside the map and cannot be changed."""

    rows: tuple[tuple[str, ...], ...] = ()
    caption: str = ""
    before: int = 0
    behind: int = 0
    editable: bool = False
    marked: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class ExampleView:
    """A layer's arithmetic on a few numbers: `text` is the sum behind the output that is looked at.

    `fields` are (name, value); `remark` is a riddle or its answer, and `solvable` whether the answer can be shown.
    """

    operation: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    grid: CellsView = CellsView()
    kernel: CellsView = CellsView()
    output: CellsView = CellsView()
    text: str = ""
    remark: str = ""
    solvable: bool = False


@dataclass(frozen=True, slots=True)
class WindowSketchView:
    """The sliding window of the selected layer along one side, in pixels of the layer's input."""

    layer: str
    side: int
    before: int
    behind: int
    kernel: int
    stride: int
    outputs: int


@dataclass(frozen=True, slots=True)
class ActivationView:
    """The selected layer's activation; `counts` of what arrives at it, in equal bins from -`reach` to `reach`."""

    layer: str
    function: str  # "relu", "tanh", ...
    title: str
    reach: float = 4.0
    counts: tuple[int, ...] = ()
    remark: str = ""
    measurable: bool = False
