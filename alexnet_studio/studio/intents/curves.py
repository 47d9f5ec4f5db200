"""How curves are drawn, which is remembered, and which other runs are drawn with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal, cast

from alexnet_studio.ground import places
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import curves as curve_jobs
from alexnet_studio.studio.jobs.curves import RunsListed
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.state.curves import OverlaidRun
from alexnet_studio.studio.views.curves import LAYER_SIZES, Below, CurveLook

MOST_RUNS = 7  # beside the one on the screen: as many colours are told apart

_SWITCHES = ("off", "on")
_AXES = ("step", "epoch", "time")
_BELOW = ("lr", "speed", *LAYER_SIZES, "")


class CurveIntents:
    def __init__(self, desk: Desk, memory: Memory) -> None:
        self._desk = desk
        self._memory = memory
        self._wanted: tuple[Path, ...] = ()
        desk.state.curves.look = _remembered(memory)

    @property
    def actions(self) -> Actions:
        return {"choose_runs": self.choose}

    @property
    def listeners(self) -> Listeners:
        return {JobKind.COMPARE: Listener(self._on_told, self._on_finished)}

    def set_look(self, name: str, value: object) -> None:
        """`name` is a field of `CurveLook`."""
        curves = self._desk.state.curves
        curves.look = replace(curves.look, **{name: value})
        text = _SWITCHES[value] if isinstance(value, bool) else str(value)
        self._memory.keep_text(f"curves_{name}", text)

    def choose(self) -> None:
        """List the runs that lie beside the one on the screen."""
        run = self._desk.state.run
        if run is None:
            return
        folder = places.runs() if run.is_example else run.path.parent
        self._desk.start(JobKind.COMPARE, lambda: curve_jobs.list_runs(folder, run.path))

    def overlay(self, paths: Sequence[str | Path]) -> None:
        """Draw these runs, and no others, with the one on the screen. Those that are drawn already are not read
        again.
        """
        curves, own = self._desk.state.curves, self._desk.state.run
        wanted = dict.fromkeys(map(Path, paths))
        if own is not None:
            wanted.pop(own.path, None)
        self._wanted = tuple(wanted)[:MOST_RUNS]
        curves.runs = tuple(run for run in curves.runs if run.path in self._wanted)
        curves.version += 1
        held = {run.path for run in curves.runs}
        missing = tuple(path for path in self._wanted if path not in held)
        if missing:
            self._desk.start(JobKind.COMPARE, lambda: curve_jobs.read_runs(missing))

    def _on_told(self, event: object) -> None:
        state = self._desk.state
        if isinstance(event, RunsListed):
            state.curves.choices = event.choices
            state.curves.choosing += 1
        elif isinstance(event, OverlaidRun):
            found = {run.path: run for run in (*state.curves.runs, event)}
            state.curves.runs = tuple(found[path] for path in self._wanted if path in found)
            state.curves.version += 1
        elif isinstance(event, Progress):
            state.progress[JobKind.COMPARE] = event

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)


def _remembered(memory: Memory) -> CurveLook:
    usual = CurveLook()
    percents = tuple(map(str, range(100)))
    return CurveLook(
        axis=cast("Literal['step', 'epoch', 'time']", memory.text("curves_axis", usual.axis, _AXES)),
        log=memory.text("curves_log", "off", _SWITCHES) == "on",
        smoothing=int(memory.text("curves_smoothing", str(usual.smoothing), percents)),
        below=cast("Below", memory.text("curves_below", usual.below, _BELOW)),
        mean=memory.text("curves_mean", "off", _SWITCHES) == "on",
    )
