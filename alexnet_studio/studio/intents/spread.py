"""A training that several processes share, begun from the window: after that it is a run like anybody's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground import places
from alexnet_studio.studio.desk import Desk, Listener, Listeners
from alexnet_studio.studio.jobs import spread as spread_jobs
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.jobs.spread import Asked, Begun


class SpreadIntents:
    """`open_run` shows a run and says a sentence."""

    def __init__(self, desk: Desk, open_run: Callable[[Path, str], None]) -> None:
        self._desk = desk
        self._open_run = open_run

    @property
    def listeners(self) -> Listeners:
        return {JobKind.SPREAD: Listener(self._on_told, self._on_finished)}

    def start(self, source: Path | None) -> None:
        state = self._desk.state
        dataset, setup = state.dataset, state.setup
        if dataset is None or dataset.folder is None or setup is None:
            return
        path = places.new_run_folder(dataset.name)
        asked = Asked(
            dataset.folder.root,
            path,
            setup.network,
            setup.values,
            setup.processes,
            setup.plan,
            source,
            state.labels.now,
            state.past.wanted,
        )
        state.notice = None
        self._desk.cancel(JobKind.ESTIMATE)
        self._desk.start(JobKind.SPREAD, lambda: spread_jobs.spread(asked))

    def _on_told(self, event: object) -> None:
        if isinstance(event, Begun):
            self._open_run(
                event.run,
                QCoreApplication.translate(
                    "Spread",
                    "Several processes train this run now. They go on when the window is closed; Stop ends them.",
                ),
            )

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
