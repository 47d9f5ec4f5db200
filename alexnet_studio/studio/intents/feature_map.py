"""The map of a run's features, drawn while it is seen, and again when the features have changed."""

from __future__ import annotations

from pathlib import Path

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import feature_map as feature_map_jobs
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.feature_map import FeatureMapSeen, FeatureMapState
from alexnet_studio.studio.state.neighbours import FeaturesSeen


class FeatureMapIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open = False
        self._asked: tuple[Path, FeaturesSeen, str] | None = None

    @property
    def actions(self) -> Actions:
        return {"draw_feature_map": self.draw_again}

    @property
    def listeners(self) -> Listeners:
        return {JobKind.FEATURE_MAP: Listener(self._on_told, self._on_finished)}

    def set_open(self, open_: bool) -> None:
        """Only what is seen is drawn."""
        self._open = open_

    def set_method(self, method: str) -> None:
        if method == "pca" or method == "tsne":
            self._map.method = method

    def draw_again(self) -> None:
        """Also what is kept."""
        self._ask(again=True)

    def follow(self) -> None:
        state = self._desk.state
        run, features = state.run, state.neighbours.features
        if run is None or features is None:
            if self._asked is not None:
                self._desk.cancel(JobKind.FEATURE_MAP)
                self._forget()
                self._asked = None
        elif self._open and self._asked != (run.path, features, self._map.method):
            self._ask()

    @property
    def _map(self) -> FeatureMapState:
        return self._desk.state.feature_map

    def _ask(self, *, again: bool = False) -> None:
        state = self._desk.state
        run, features = state.run, state.neighbours.features
        if run is None or features is None:
            return
        path, method, keep = run.path, self._map.method, not run.is_example
        self._asked = (path, features, method)
        self._forget()
        self._desk.start(
            JobKind.FEATURE_MAP,
            lambda: feature_map_jobs.look(path, features.layer, method, again=again, keep=keep),
        )

    def _forget(self) -> None:
        self._desk.state.feature_map = FeatureMapState(self._map.method, version=self._map.version + 1)

    def _on_told(self, event: object) -> None:
        if isinstance(event, Progress):
            self._desk.state.progress[JobKind.FEATURE_MAP] = event
        elif isinstance(event, FeatureMapSeen):
            self._map.seen = event
            self._map.version += 1

    def _on_finished(self, finished: Finished) -> None:
        self._map.error = finished.error
        self._map.cancelled = finished.cancelled and self._map.seen is None
