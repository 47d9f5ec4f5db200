"""The run on the screen as it grows, while another process trains it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import kernel_pictures
from alexnet_studio.studio.desk import Desk, Listener, Listeners
from alexnet_studio.studio.jobs import follow as follow_jobs
from alexnet_studio.studio.jobs.follow import Grown
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.run import RunState
from alexnet_studio.studio.state.window import Notice


class FollowIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def listeners(self) -> Listeners:
        return {JobKind.FOLLOW: Listener(self._on_told, self._on_finished)}

    def begin(self) -> None:
        """Of the run that has just been opened. It is no work that a person waits for: no bar shows it."""
        run = self._desk.state.run
        was_imported = run is not None and run.started is None and run.has_checkpoint
        if run is None or run.live or run.is_example or was_imported:
            self._desk.cancel(JobKind.FOLLOW)
            return
        film, towers = self._desk.state.kernels.film, self._desk.state.kernels.towers
        path, last_frame = run.path, film[-1].step if film else -1
        self._desk.jobs.start(JobKind.FOLLOW, lambda: follow_jobs.follow(path, last_frame, towers))

    def _on_told(self, event: object) -> None:
        state = self._desk.state
        if not isinstance(event, Grown):
            return
        run = state.run
        if run is None or run.path != event.run or run.live:
            self._desk.cancel(JobKind.FOLLOW)
            return
        run.take(event.log)
        run.curves_version += 1
        run.elsewhere, run.holder, run.has_checkpoint = event.written, event.holder, event.has_checkpoint
        features = state.neighbours.features
        if features is not None and event.best:
            state.neighbours.outdated = not event.best.startswith(features.checkpoint)
        self._tell_interrupted(run)
        for frame in event.frames:
            kernel_pictures.add(state.kernels, frame)

    def _tell_interrupted(self, run: RunState) -> None:
        """It was killed, or its computer was: once, when it is opened, or while it is followed."""
        was, run.interrupted = run.interrupted, not run.elsewhere and run.ended is None
        if run.interrupted and not was and run.has_checkpoint:
            text = QCoreApplication.translate(
                "Follow", "{run} was interrupted in epoch {epoch}. It can go on from its last checkpoint."
            )
            self._desk.state.notice = Notice(
                text.format(run=run.path.name, epoch=max(1, run.current_epoch)),
                button=QCoreApplication.translate("Follow", "Resume"),
                intent="resume",
            )

    def _on_finished(self, finished: Finished) -> None:
        run = self._desk.state.run
        if run is not None:
            run.elsewhere = False
        if finished.error is not None:
            self._desk.tell(finished.error)
