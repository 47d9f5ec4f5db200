"""torch is imported once the window stands, in a thread, so that the first Start need not wait for it."""

from __future__ import annotations

from alexnet_studio.studio.desk import Desk, Listener, Listeners
from alexnet_studio.studio.jobs import training as training_jobs
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.jobs.training import DevicesFound


class Warming:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def listeners(self) -> Listeners:
        return {JobKind.WARM: Listener(self._on_told, self._on_finished)}

    def begin(self) -> None:
        # Not through the desk: nobody waits for it, so no progress is shown.
        self._desk.jobs.start(JobKind.WARM, training_jobs.warm_up)

    def _on_told(self, event: object) -> None:
        if isinstance(event, DevicesFound):
            self._desk.state.devices = event.devices

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
