"""Opening a run: the example, one of ours, or somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alexnet_studio.ground import places
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs.history import damaged
from alexnet_studio.studio import kernel_pictures, setup_building
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import run as run_jobs
from alexnet_studio.studio.jobs.run import LogRead, Opened
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.kernels import KernelState
from alexnet_studio.studio.state.run import RunState
from alexnet_studio.studio.state.window import Notice
from alexnet_studio.studio.views.parts import Selection


class RunIntents:
    """`opened` is told of the run's images' folder once everything of the run is on the screen."""

    def __init__(self, desk: Desk, opened: Callable[[Path], None], remember: Callable[[Path], None]) -> None:
        self._desk = desk
        self._opened = opened
        self._remember = remember
        self._said = ""

    @property
    def actions(self) -> Actions:
        return {
            "open_run": lambda: self._desk.dialogs.choose_run(self._desk.after(self.open)),
            "open_example": lambda: self.open(example()),
        }

    @property
    def listeners(self) -> Listeners:
        return {JobKind.OPEN: Listener(self.told, self._on_finished)}

    def open(self, path: Path, said: str = "") -> None:
        """What is on the screen stays until the run turned out to be one; then `said` is told of it."""
        self._said = said
        self._desk.require_idle()
        self._desk.start(JobKind.OPEN, lambda: run_jobs.open_run(path))

    def told(self, event: object) -> None:
        """By whoever opens a run."""
        if isinstance(event, Opened):
            self._show(event)
        elif isinstance(event, LogRead):
            self._complete(event)
        elif isinstance(event, Progress):
            self._desk.state.progress[JobKind.OPEN] = event

    def _complete(self, event: LogRead) -> None:
        """The steps that came before those on the screen."""
        run = self._desk.state.run
        if run is not None and run.path == event.path and not run.live:
            run.take(event.log)
            run.curves_version += 1
            if event.log.damaged:
                self._desk.tell(damaged(event.path / "metrics.jsonl", event.log.damaged[0]))

    def _show(self, event: Opened) -> None:
        state = self._desk.state
        state.selection, state.notice, state.thumbnails, state.map = Selection(), None, {}, None
        state.dataset, state.setup = event.dataset, event.setup
        state.kept, state.networks = event.thumbnails, event.networks
        state.run = _run(event)
        state.kernels, state.shown_step = _kernels(event, state.kernels), None
        state.neighbours = state.neighbours.anew(event.features, outdated=event.outdated)
        if self._said:
            state.notice, self._said = Notice(self._said), ""
        if event.problems:
            self._desk.tell(event.problems[0])
        if not state.run.is_example:
            self._remember(event.path)
        self._opened(Path(event.dataset.root))

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)


def example() -> Path:
    """The finished run that ships with the program."""
    return places.resources() / "example-run"


def _run(event: Opened) -> RunState:
    run = RunState(
        event.path,
        has_checkpoint=event.has_checkpoint,
        elsewhere=event.holder is not None,
        holder=event.holder,
        is_example=event.path == example(),
        class_names=event.class_names,
        train_paths=event.train_paths,
        val_paths=event.val_paths,
        answered=event.query_paths,
        group=event.group,
        layers=() if event.setup.spec is None else setup_building.layers_with_weights(event.setup.spec),
        feature_sizes=() if event.setup.spec is None else setup_building.feature_sizes(event.setup.spec),
    )
    run.take(event.log)
    run.curves_version = 1
    return run


def _kernels(event: Opened, before: KernelState) -> KernelState:
    spec = event.setup.spec
    assert spec is not None
    kernels = before.anew()
    kernel_pictures.begin(kernels, spec)
    kernels.film = list(event.film)
    kernel_pictures.show(kernels, len(kernels.film) - 1)
    return kernels
