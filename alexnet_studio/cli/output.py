"""What the commands print: documents on standard output, everything for the person's eye beside it."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from alexnet_studio.ground.progress import Progress

JsonFlag = Annotated[
    bool, Parameter(name="--json", negative="", help="print JSON on standard output, and nothing else there")
]
_WIDEST_NAME = 60
CheckpointChoice = Literal["best", "last"]
CheckpointFlag = Annotated[
    CheckpointChoice,
    Parameter(name="--checkpoint", help="best: of the epoch with the best validation; last: the newest"),
]


def document(value: Any) -> None:
    """One JSON document, one line, on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n")
    sys.stdout.flush()


def line(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def note(sentence: str) -> None:
    """A line for the person, away from the output that programs read."""
    sys.stderr.write(sentence + "\n")


def table(headings: Sequence[str], rows: Sequence[Sequence[object]], *, total: Sequence[object] = ()) -> None:
    """A table whose first column is text and whose numbers are aligned at the right."""
    drawn = Table(box=None, pad_edge=False, header_style="bold", show_footer=bool(total), footer_style="bold")
    for position, heading in enumerate(headings):
        footer = Text(_cell(total[position])) if total else ""
        first = position == 0
        # A class may be called anything, at any length: its numbers must stay on the screen.
        drawn.add_column(
            heading,
            footer=footer,
            justify=_side(rows, position),
            no_wrap=first,
            overflow="ellipsis",
            max_width=_WIDEST_NAME if first else None,
        )
    for row in rows:
        # Text, not str: rich would read brackets in a file's name as markup.
        drawn.add_row(*(Text(_cell(value)) for value in row))
    # A terminal decides the width; a pipe or a file gets whole lines.
    console = Console(file=sys.stdout, width=None if sys.stdout.isatty() else 200, highlight=False)
    console.print(drawn)


def _side(rows: Sequence[Sequence[object]], position: int) -> Literal["left", "right"]:
    numbers = all(isinstance(row[position], int | float) for row in rows)
    return "right" if numbers and rows else "left"


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


@contextmanager
def progress_bar(*, shown: bool = True) -> Generator[ProgressBar]:
    """A bar on standard error while a job runs; nothing where that is no terminal."""
    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not (shown and sys.stderr.isatty()),
    )
    with bar:
        yield ProgressBar(bar)


class ProgressBar:
    """Shows one `Progress` at a time."""

    def __init__(self, bar: Bar) -> None:
        self._bar = bar
        self._task = bar.add_task("", total=None, visible=False)

    def show(self, progress: Progress) -> None:
        self._bar.update(
            self._task,
            description=progress.what,
            completed=progress.done,
            total=progress.total,
            visible=True,
        )
