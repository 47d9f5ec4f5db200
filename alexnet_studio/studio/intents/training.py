"""Start, pause, stop and resume, and what a training says while it runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground import places
from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs.rows import Ended, Epoch, Layers, Note, Started, Step
from alexnet_studio.studio import kernel_pictures, setup_building, wording
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import run as run_jobs
from alexnet_studio.studio.jobs import training as training_jobs
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.jobs.training import Recorded
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.state.kernels import KernelFrame
from alexnet_studio.studio.state.run import Phase, RunState
from alexnet_studio.studio.state.window import Notice
from alexnet_studio.training.events import Saved

if TYPE_CHECKING:
    from alexnet_studio.networks.spec import Spec
    from alexnet_studio.training.request import Request

LONG_SECONDS = 2.0
_REPAINT_SECONDS = 0.2  # not with each view that a person's dragging asks for


class TrainingIntents:
    """`ended` is told of a run that stands with its weights saved; `stop_elsewhere` stops one of another process;
    `start_processes` begins one of several, from the weights of a run or a file; `follow` looks on at a run on the
    screen that another process trains.
    """

    def __init__(
        self,
        desk: Desk,
        ended: Callable[[], None],
        stop_elsewhere: Callable[[], None],
        start_processes: Callable[[Path | None], None],
        follow: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._follow = follow
        self._ended = ended
        self._start_processes = start_processes
        self._stop_elsewhere = stop_elsewhere
        self.curves_wait = False  # for a view that draws them
        self._curves_drawn = 0.0
        self._judged_since: float | None = None

    @property
    def actions(self) -> Actions:
        return {
            "start": self.start,
            "start_from_run": lambda: self._desk.dialogs.choose_run(self._desk.after(self.start)),
            "start_from_weights": lambda: self._desk.dialogs.choose_weights(self._desk.after(self.start)),
            "pause": self.pause,
            "stop": self.stop,
            "resume": self.resume,
        }

    @property
    def listeners(self) -> Listeners:
        return {JobKind.TRAIN: Listener(self._on_told, self._on_finished)}

    def start(self, source: Path | None = None) -> None:
        """A new run, from first weights of its own or from those of `source`, a run or a file."""
        state = self._desk.state
        dataset, setup = state.dataset, state.setup
        if not view_actions.start(state).enabled or dataset is None or setup is None:
            return
        if setup.processes > 1:
            self._start_processes(source)
            return
        folder, spec, values = dataset.folder, setup.spec, setup.values
        if folder is None or spec is None:
            return
        path = places.new_run_folder(dataset.name)
        self._show_new(path, spec)
        corrections, pins = state.labels.now, state.past.wanted
        self._begin(lambda: training_jobs.train(folder, path, spec, values, source, corrections, pins))

    def train(self, request: Request) -> None:
        """A new run as it was asked for elsewhere than in the form."""
        self._show_new(request.run, request.spec)
        self._begin(lambda: training_jobs.begin(request))

    def _show_new(self, path: Path, spec: Spec) -> None:
        state = self._desk.state
        kernels = state.kernels.anew()
        kernel_pictures.begin(kernels, spec)  # what cannot be trained is refused before anything changes
        state.run = RunState(
            path,
            Phase.TRAINING,
            layers=setup_building.layers_with_weights(spec),
            feature_sizes=setup_building.feature_sizes(spec),
        )
        state.kernels, state.shown_step = kernels, None
        state.neighbours = state.neighbours.anew()

    def resume(self) -> None:
        """Go on after a pause, or with a run that was stopped before."""
        run = self._desk.state.run
        if run is None or not view_actions.resume(self._desk.state).enabled:
            return
        if run.phase is Phase.PAUSED:
            run.phase = Phase.TRAINING
            self._desk.jobs.set_paused(JobKind.TRAIN, False)
            return
        dataset = self._desk.state.dataset
        self.go_on(None if dataset is None or dataset.folder is None else Path(dataset.root))

    def go_on(self, root: Path | None, changes: Mapping[str, object] | None = None) -> None:
        """With the run on the screen; `root` is where its images are, `changes` are fields of the recipe that may."""
        run = self._desk.state.run
        if run is not None and not run.live:
            path = run.path
            run.phase, run.ended, run.note = Phase.TRAINING, None, ""
            self._begin(lambda: training_jobs.resume(path, root, changes))

    def pause(self) -> None:
        run = self._desk.state.run
        if run is not None and run.phase is Phase.TRAINING:
            run.phase = Phase.PAUSED
            self._desk.jobs.set_paused(JobKind.TRAIN, True)

    def stop(self) -> None:
        run = self._desk.state.run
        if run is not None and run.live:
            run.phase = Phase.STOPPING
            self._desk.cancel(JobKind.TRAIN)
        elif run is not None and run.elsewhere:
            self._stop_elsewhere()

    def draw_curves(self) -> None:
        """With the next view, if that is due."""
        run, now = self._desk.state.run, self._desk.state.now
        due = now - self._curves_drawn >= _REPAINT_SECONDS
        if run is not None and self.curves_wait and (due or not run.live):
            run.curves_version += 1
            self.curves_wait, self._curves_drawn = False, now

    def _begin(self, make: Callable[[], training_jobs.Work]) -> None:
        self._desk.state.notice = None
        # Timing steps and indexing would slow the training down and be outdated by it.
        self._desk.cancel(JobKind.ESTIMATE)
        self._desk.cancel(JobKind.INDEX)
        self._judged_since = None
        self._desk.start(JobKind.TRAIN, make)

    def _on_told(self, event: object) -> None:
        run = self._desk.state.run
        if run is None:
            return
        if isinstance(event, Step | Layers | Epoch):
            self._desk.state.progress[JobKind.TRAIN] = self._judged_since = None
            run.add(event)
            self.curves_wait = True
        elif isinstance(event, KernelFrame):
            kernel_pictures.add(self._desk.state.kernels, event)
        elif isinstance(event, Progress):
            self._on_progress(event)
        else:
            self._on_rare(run, event)

    def _on_progress(self, event: Progress) -> None:
        """A validation of a moment shows no bar: it would come and go with each epoch."""
        state = self._desk.state
        if event.what == "evaluate" and self._judged_since is None:
            self._judged_since = state.now
        if event.what != "evaluate" or state.now - (self._judged_since or state.now) >= LONG_SECONDS:
            state.progress[JobKind.TRAIN] = event

    def _on_rare(self, run: RunState, event: object) -> None:
        if isinstance(event, Started):
            run.started = event
            run.curves.cut(event.step)
            run.curves.add(event)
            self.curves_wait = True
        elif isinstance(event, Recorded):
            run.class_names, run.train_paths, run.val_paths = (
                event.class_names,
                event.train_paths,
                event.val_paths,
            )
            run.group = event.group
            if run.started is not None and not run.started.step:
                self._desk.state.past.wanted = ()  # a new run has pinned them
        elif isinstance(event, Note):
            run.add(event)
        elif isinstance(event, Ended):
            run.ended = event
        elif isinstance(event, Saved):
            run.saved(self._desk.state.now)
            run.has_checkpoint = True
            self._desk.state.neighbours.outdated = self._desk.state.neighbours.features is not None
            self._desk.state.evaluation.outdated = self._desk.state.evaluation.seen is not None

    def _on_finished(self, finished: Finished) -> None:
        state, run = self._desk.state, self._desk.state.run
        if run is None:
            return
        run.phase = Phase.READY
        run.has_checkpoint = run_jobs.has_checkpoint(run.path)
        self.curves_wait = True
        if finished.error is not None and finished.error.code == "run_in_use":
            self._look_on(run, finished.error)
            return
        if finished.error is not None:
            self._fail(run, finished.error)
        elif finished.cancelled and run.ended is None and run.started is not None:
            # A closed generator cannot yield its last row: this is what it wrote.
            step = 0 if run.step is None else run.step.step
            best = None if run.best is None else run.best.epoch
            run.ended = Ended(step, run.current_epoch, "stopped", best)
            if run.has_checkpoint:
                run.saved(state.now)
        if state.run is not None and run.started is None:
            state.run = None
        if run.ended is not None:
            state.notice = _remedy(run.ended) or state.notice
        if run.has_checkpoint and not state.closing:
            self._ended()

    def _look_on(self, run: RunState, error: StudioError) -> None:
        """Somebody else had begun, or gone on with it, before this window noticed."""
        self._desk.tell(error)
        if run.started is None:
            self._desk.state.run = None
        else:
            run.elsewhere = True
            self._follow()

    def _fail(self, run: RunState, error: StudioError) -> None:
        self._desk.tell(error)
        if run.started is not None and run.ended is None:
            step = 0 if run.step is None else run.step.step
            run.ended = Ended(step, run.current_epoch, "failed", None, wording.sentence(error), error.code)


def _remedy(ended: Ended) -> Notice | None:
    """One click for what is known to help."""
    if ended.code == "out_of_memory":
        text = QCoreApplication.translate("Training", "Start with half the batch")
        return Notice(ended.sentence, is_error=True, button=text, intent="half_batch")
    if ended.reason == "diverged":
        text = QCoreApplication.translate("Training", "Start with a tenth of the learning rate")
        return Notice(ended.sentence, is_error=True, button=text, intent="tenth_lr")
    return None
