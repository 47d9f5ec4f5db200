"""`train`: the trainer's rows as lines, for a person or for a program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from alexnet_studio.cli import output, processes
from alexnet_studio.cli.asked_training import resumed, started
from alexnet_studio.cli.interruption import Interruption, each
from alexnet_studio.cli.row_lines import describe
from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Epoch, Layers, Note, Row, Started, Step, as_json
from alexnet_studio.training import torchrun
from alexnet_studio.training.asked import Wanted
from alexnet_studio.training.command_words import RunOption, typed_fields
from alexnet_studio.training.events import Event
from alexnet_studio.training.recipe import Recipe

if TYPE_CHECKING:
    from alexnet_studio.training.world import World


def train(
    folder: Path,
    /,
    *,
    run: RunOption,
    wanted: Annotated[Wanted, Parameter(name="*")] = Wanted(),  # noqa: B008 - it is frozen
    resume: Annotated[bool, Parameter(negative="", help="go on where this run stopped")] = False,
    recipe: Annotated[Recipe | None, Parameter(name="*")] = None,
    json: output.JsonFlag = False,
) -> int:
    """Train a network on FOLDER and write curves, kernels and checkpoints into RUN."""
    typed = typed_fields(recipe, folder)
    goes_on = resume and runs.is_run(run)

    def begun(bar: output.ProgressBar, world: World | None) -> tuple[Iterator[Event | None], str]:
        if goes_on:
            return resumed(run, folder, typed, wanted, world), ""
        return started(folder, run, wanted, typed, bar, world)

    if torchrun.is_asked_for():
        return processes.together(
            begun, lambda events, bar, why: follow(events, run, bar, json=json, heading=why), shown=not json
        )
    with output.progress_bar(shown=not json) as bar:
        events, why = begun(bar, None)
        return follow(events, run, bar, json=json, heading=why)


def follow(
    events: Iterator[Event | None],
    run: Path,
    bar: output.ProgressBar,
    *,
    json: bool = False,
    heading: str = "",
) -> int:
    """Print a training's rows as they come; Ctrl+C and SIGTERM save and stop it. Returns the exit code.

    `heading` comes before the first row: a training that cannot start says why, and nothing else.
    """
    ended: Ended | None = None
    epochs = 0
    interruption = Interruption()
    with interruption.watched():
        try:
            for event in each(events, interruption):
                if isinstance(event, Progress):
                    bar.show(event)
                elif isinstance(event, Started):
                    epochs = event.epochs
                    if heading and not json:
                        output.note(heading)
                elif isinstance(event, Ended):
                    ended = event
                if isinstance(event, Started | Step | Layers | Epoch | Note | Ended):
                    _print(event, epochs, json=json)
        except Failed as error:
            # The signal went to all processes, and another one was quicker to obey it.
            if interruption.number is None or error.code != "process_lost":
                raise
    if ended is None and interruption.number is not None:
        # A closed generator cannot yield: how it ended stands in the run's own history.
        ended = _last_ended(run)
        if ended is not None:
            _print(ended, epochs, json=json)
    if interruption.number is not None:
        return 128 + interruption.number
    return 0 if ended is not None and ended.reason == "finished" else 1


def _last_ended(run: Path) -> Ended | None:
    rows = History(runs.open(run).metrics).read()
    return rows[-1] if rows and isinstance(rows[-1], Ended) else None


def _print(row: Row, epochs: int, *, json: bool) -> None:
    if json:
        output.document(as_json(row))
    elif (text := describe(row, epochs)) is not None:
        output.line(text)
