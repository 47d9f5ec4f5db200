"""`watch`: the curves of a run in a terminal, while somebody trains it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import numpy as np
from cyclopts import Parameter
from numpy.typing import NDArray
from rich.console import Console
from rich.live import Live
from rich.text import Text

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import Interruption, each
from alexnet_studio.cli.row_lines import describe
from alexnet_studio.cli.terminal_plot import Line, plot
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.curves import Curves
from alexnet_studio.runs.follow import Follower, follow, sitting
from alexnet_studio.runs.log import Log
from alexnet_studio.runs.rows import Ended, Epoch, Started, as_json

_MOST_POINTS = 400  # a terminal is not wider


def watch(
    run: Annotated[Path, Parameter(help="a run, also one that is written on another machine")],
    /,
    *,
    once: Annotated[bool, Parameter(negative="", help="draw what there is, and do not wait")] = False,
    json: output.JsonFlag = False,
) -> int:
    """Draw loss and accuracy of RUN until its training ends; away from a terminal, print one line an epoch."""
    opened = runs.open(run)
    if once:
        return _once(opened.path, json=json)
    if json or not sys.stdout.isatty():
        return _followed(opened.path, _Lines(json=json).show)
    console = Console()
    last: list[str] = []
    with Live(console=console, screen=True, auto_refresh=False) as live:

        def draw(log: Log) -> None:
            last[:] = frame(opened.name, log, console.width, console.height)
            live.update(Text("\n".join(last)), refresh=True)

        code = _followed(opened.path, draw)
    output.line("\n".join(last))
    return code


def frame(name: str, log: Log, width: int, height: int) -> list[str]:
    """What the terminal shows: where the run stands, the loss, and the accuracy below it."""
    curves, rows = Curves.of(log), [row for _, row in log.others]
    share = max(5, (height - 2) // 2)
    x, (loss, top1) = _thinned(curves.steps["step"], curves.steps["loss"], 1 - curves.steps["top1"])
    ends = curves.epochs["step"]
    return [
        _heading(name, log, [row for row in rows if isinstance(row, Epoch)])[:width],
        *plot(
            "loss",
            (Line("training", x, loss), Line("validation", ends, curves.epochs["val_loss"], "o")),
            width,
            share,
        ),
        *plot(
            "top-1 %",
            (
                Line("training", x, 100 * top1),
                Line("validation", ends, 100 * (1 - curves.epochs["val_top1"]), "o"),
            ),
            width,
            share,
            low=0.0,
        ),
    ]


def _heading(name: str, log: Log, epochs: list[Epoch]) -> str:
    begun = next((row for _, row in reversed(log.others) if isinstance(row, Started)), None)
    last, stands = log.last_step(), sitting(log)
    done = last.epoch if last is not None else 0
    words = [name, *([] if begun is None else [begun.network, f"epoch {done} of {begun.epochs}"])]
    judged = [row for row in epochs if row.val_top1 is not None]
    if judged:
        best = max(judged, key=lambda row: row.val_top1 or 0.0)
        words.append(f"best top-1 {100 * (best.val_top1 or 0.0):.1f} % in epoch {best.epoch}")
    if isinstance(stands, Ended):
        words.append(stands.reason)
    elif last is not None:
        words.append(f"{last.images_per_second:,.0f} images/s")
    return " · ".join(words)


def _thinned(
    x: NDArray[np.float64], *ys: NDArray[np.float64]
) -> tuple[NDArray[np.float64], list[NDArray[np.float64]]]:
    """Means of neighbouring steps, so that there are no more points than a terminal has dots."""
    together = max(1, -(-len(x) // _MOST_POINTS))
    if together == 1:
        return x, list(ys)
    starts = np.arange(0, len(x), together)
    counts = np.diff(np.append(starts, len(x)))
    return np.add.reduceat(x, starts) / counts, [np.add.reduceat(y, starts) / counts for y in ys]


def _once(run: Path, *, json: bool) -> int:
    log = Follower(run).poll()
    if log is None:
        output.line(f"{run.name} has no history yet.")
        return 0
    if json or not sys.stdout.isatty():
        _Lines(json=json).show(log)
    else:
        console = Console()
        output.line("\n".join(frame(run.name, log, console.width, console.height - 1)))
    return 0


def _followed(run: Path, show: Callable[[Log], None]) -> int:
    interruption = Interruption()
    with interruption.watched():
        for log in each(follow(run), interruption):
            if log is not None:
                show(log)
    return 0 if interruption.number is None else 128 + interruption.number


class _Lines:
    """The rows that are no steps, each once; what a resumed training did again comes again."""

    def __init__(self, *, json: bool) -> None:
        self._json = json
        self._told = 0
        self._epochs = 0

    def show(self, log: Log) -> None:
        self._told = min(self._told, len(log.others))
        for _, row in log.others[self._told :]:
            if isinstance(row, Started):
                self._epochs = row.epochs
            if self._json:
                output.document(as_json(row))
            elif (text := describe(row, self._epochs)) is not None:
                output.line(text)
        self._told = len(log.others)
