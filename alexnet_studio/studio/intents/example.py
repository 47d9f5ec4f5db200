"""Working through a layer's arithmetic: numbers that change, an output that is looked at, a histogram."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from alexnet_studio.networks.example import OPERATIONS, Example, example, puzzle, with_cell, with_field
from alexnet_studio.studio import setup_building
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import insight as insight_jobs
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.example import Measured

if TYPE_CHECKING:
    from pathlib import Path


class ExampleIntents:
    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk = desk
        self._shelf = shelf
        self._asked: Path | None = None

    @property
    def actions(self) -> Actions:
        return {
            "measure_activation": self.measure,
            "show_puzzle": self.show_puzzle,
            "solve_puzzle": self.solve,
        }

    @property
    def listeners(self) -> Listeners:
        return {JobKind.HISTOGRAM: Listener(self._on_told, self._on_finished)}

    def follow(self, layer: str | None) -> None:
        """A layer was clicked: work through what it does, with its own settings where a small grid has room."""
        setup = self._desk.state.setup
        if setup is None or setup.draft is None or layer is None:
            return
        found = setup_building.example_of(setup.draft, layer)
        if found is not None:
            self._show(found)

    def choose(self, operation: str) -> None:
        for known in OPERATIONS:
            if known == operation:
                self._show(example(known))

    def edit(self, field: str, value: str) -> None:
        """What cannot be leaves the example as it is."""
        self._change(with_field(self._desk.state.examples.example, field, value))

    def edit_cell(self, part: Literal["grid", "kernel"], row: int, column: int, text: str) -> None:
        self._change(with_cell(self._desk.state.examples.example, part, row, column, text))

    def pick(self, row: int, column: int) -> None:
        self._desk.state.examples.picked = (row, column)

    def show_puzzle(self) -> None:
        self._show(puzzle())
        self._desk.state.examples.puzzle = "asked"

    def solve(self) -> None:
        self._desk.state.examples.puzzle = "solved"

    def measure(self) -> None:
        """Raises `BadInput` ("no_weights") where there is nothing to measure with."""
        layer = self._desk.state.selection.layer
        self._asked = path = self._desk.require_weights()
        if layer is None:
            return
        self._desk.start(JobKind.HISTOGRAM, lambda: insight_jobs.measure(self._shelf, path, layer))

    def _show(self, found: Example) -> None:
        examples = self._desk.state.examples
        examples.example, examples.picked, examples.puzzle = found, (0, 0), ""

    def _change(self, changed: Example) -> None:
        """Another number is no longer the riddle that was asked."""
        examples = self._desk.state.examples
        if changed != examples.example:
            examples.example, examples.puzzle = changed, ""

    def _on_told(self, event: object) -> None:
        if isinstance(event, Measured) and self._asked is not None:
            self._desk.state.examples.measured[self._asked, event.layer] = event

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
