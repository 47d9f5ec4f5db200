"""Finding and reading runs to be drawn beside the one on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.curves import OverlaidRun, RunChoice


@dataclass(frozen=True, slots=True)
class RunsListed:
    choices: tuple[RunChoice, ...]


def list_runs(folder: Path, own: Path) -> Work:
    """The runs of `folder` that have curves, without `own`."""
    from alexnet_studio.runs.catalogue import runs_in

    yield None
    found = (run for run in runs_in(folder) if run.path != own and run.epochs and not run.problem)
    yield RunsListed(tuple(RunChoice(run.path, _about(run.network, run.best_val_top1)) for run in found))


def read_runs(paths: tuple[Path, ...]) -> Work:
    """An `OverlaidRun` for each. Raises `BadInput` for what is no run, or cannot be read."""
    from alexnet_studio.runs import folder
    from alexnet_studio.runs.curves import Curves
    from alexnet_studio.runs.log_reader import LogReader
    from alexnet_studio.runs.several_curves import group_of

    for number, path in enumerate(paths):
        run = folder.open(path)
        yield Progress("compare", number, len(paths))
        log = yield from LogReader(run.metrics).read()
        yield OverlaidRun(path, group_of(run.record), Curves.of(log))


def _about(network: str, best: float | None) -> str:
    return network if best is None else f"{network} · {wording.percent(best)}"
