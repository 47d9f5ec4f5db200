"""Measuring this machine: how fast networks are, and whether operations mean what the paper and its code mean."""

from __future__ import annotations

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import measures as measure_jobs
from alexnet_studio.studio.jobs.measures import Objective
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.measures import CheckSeen, TimingSeen


class MeasureIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def actions(self) -> Actions:
        return {"check_arithmetic": self.check, "stop_measuring": lambda: self._desk.cancel(JobKind.BENCH)}

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.BENCH: Listener(self._on_timed, self._on_finished),
            JobKind.CHECK: Listener(self._on_checked, self._on_finished),
        }

    def bench(self, names: tuple[str, ...], batch: int, timed: int, objective: Objective) -> None:
        """Raises `BadInput` ("nothing_to_time", "training_runs": both would be slowed by each other)."""
        if not names:
            raise BadInput("nothing_to_time", "No network is chosen. Tick one or more to time them.")
        self._desk.require_idle()
        self._desk.state.measures.timings = ()
        self._desk.start(JobKind.BENCH, lambda: measure_jobs.bench(names, batch, timed, objective))

    def check(self) -> None:
        self._desk.state.measures.checks = ()
        self._desk.start(JobKind.CHECK, measure_jobs.check)

    def _on_timed(self, event: object) -> None:
        if isinstance(event, TimingSeen):
            self._desk.state.measures.timings += (event,)

    def _on_checked(self, event: object) -> None:
        if isinstance(event, CheckSeen):
            self._desk.state.measures.checks += (event,)

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
