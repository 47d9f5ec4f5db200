"""The map of a run's features, drawn while it is seen, and again when the features have changed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import feature_map as feature_map_jobs
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.evaluation import EvaluationSeen
from alexnet_studio.studio.state.feature_map import FeatureMapSeen, FeatureMapState
from alexnet_studio.studio.state.neighbours import FeaturesSeen
from alexnet_studio.studio.views.feature_map import Mistakes


class FeatureMapIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._open = False
        self._asked: tuple[Path, FeaturesSeen, str] | None = None
        self._classes: tuple[str, ...] = ()
        self._judged: tuple[FeatureMapSeen | None, EvaluationSeen | None] = (None, None)

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

    def set_hidden(self, hidden: frozenset[int]) -> None:
        self._map.hidden = hidden

    def set_only_mistakes(self, only: bool) -> None:
        self._map.only_mistakes = only

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
        if self._judged[0] is not self._map.seen or self._judged[1] is not state.evaluation.seen:
            self._judged = self._map.seen, state.evaluation.seen
            self._map.mistakes = _mistakes(*self._judged)

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
        self._desk.state.feature_map = self._map.anew()

    def _on_told(self, event: object) -> None:
        if isinstance(event, Progress):
            self._desk.state.progress[JobKind.FEATURE_MAP] = event
        elif isinstance(event, FeatureMapSeen):
            if event.classes != self._classes:
                self._classes, self._map.hidden = event.classes, frozenset()
            self._map.seen = event
            self._map.version += 1

    def _on_finished(self, finished: Finished) -> None:
        self._map.error = finished.error
        self._map.cancelled = finished.cancelled and self._map.seen is None


def _mistakes(seen: FeatureMapSeen | None, answers: EvaluationSeen | None) -> Mistakes | None:
    """None where none of the images on the map was evaluated."""
    if seen is None or answers is None:
        return None
    rows = np.array([answers.row_of.get(path, -1) for path in seen.paths], np.int64)
    judged = rows >= 0
    if not judged.any():
        return None
    wrong = np.zeros(len(rows), np.bool_)
    wrong[judged] = answers.file.ranks[rows[judged]] > 0
    names, guesses = answers.file.classes, answers.file.guesses
    taken = {
        int(point): names[guess] if (guess := int(guesses[rows[point]])) >= 0 else ""
        for point in np.flatnonzero(wrong)
    }
    return Mistakes(int(judged.sum()), wrong, taken)
