"""Making the features of a run's training images, and choosing the layer that they are of."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import wording
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import indexing as indexing_jobs
from alexnet_studio.studio.jobs.indexing import Indexed, LookedUp
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.state.window import Notice


class IndexIntents:
    """`ask_again` is told that other features are there than the answers were found among."""

    def __init__(self, desk: Desk, ask_again: Callable[[], None]) -> None:
        self._desk = desk
        self._ask_again = ask_again
        self._done: Progress | None = None

    @property
    def actions(self) -> Actions:
        return {"index": self.index}

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.INDEX: Listener(self._on_indexing, self._on_finished),
            JobKind.LOOK_UP: Listener(self._on_looked_up, self._on_finished),
        }

    def index(self) -> None:
        run, layer = self._desk.state.run, self._desk.state.neighbours.layer
        if run is not None and view_actions.index(self._desk.state).enabled:
            path, self._done = run.path, None
            self._desk.start(JobKind.INDEX, lambda: indexing_jobs.index(path, layer))

    def pick_layer(self, layer: str) -> None:
        """What was indexed of it is shown; else it can be."""
        state = self._desk.state
        if state.run is None or layer == state.neighbours.layer:
            return
        path = state.run.path
        self._show(None, outdated=False, layer=layer)
        self._desk.start(JobKind.LOOK_UP, lambda: indexing_jobs.look_up(path, layer))

    def _on_indexing(self, event: object) -> None:
        state = self._desk.state
        if isinstance(event, Progress):
            state.progress[JobKind.INDEX] = self._done = event
        elif isinstance(event, Indexed):
            if state.neighbours.layer in {"", event.features.layer}:  # else another one was picked meanwhile
                self._take(LookedUp(state.neighbours.layer, event.features, thumbnails=event.thumbnails))
            if event.note and not self._is_remedy_shown():
                state.notice = Notice(event.note)

    def _on_looked_up(self, event: object) -> None:
        if isinstance(event, LookedUp) and event.layer == self._desk.state.neighbours.layer:
            self._take(event)

    def _take(self, event: LookedUp) -> None:
        state = self._desk.state
        self._show(event.features, outdated=event.outdated, layer=event.layer)
        state.kept = {**state.kept, **event.thumbnails}
        self._ask_again()

    def _show(self, features: indexing_jobs.FeaturesSeen | None, *, outdated: bool, layer: str) -> None:
        """The images that were asked about stay; their answers are other ones now."""
        state, before = self._desk.state, self._desk.state.neighbours
        state.neighbours = before.anew(features, outdated=outdated)
        state.neighbours.layer, state.neighbours.answers = layer, before.answers

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            if not self._is_remedy_shown():
                self._desk.tell(finished.error)
        elif finished.kind is JobKind.INDEX and finished.cancelled:
            self._tell_where_it_goes_on()

    def _tell_where_it_goes_on(self) -> None:
        run, done = self._desk.state.run, self._done
        if done is None or done.what != "index" or run is None or run.live:
            return
        text = QCoreApplication.translate(
            "Neighbours", "{done} of {total} images are indexed; indexing again goes on from there."
        )
        self._desk.state.notice = Notice(
            text.format(done=wording.count(done.done), total=wording.count(done.total or 0))
        )

    def _is_remedy_shown(self) -> bool:
        """A training that failed is indexed by itself, and what its weights cannot do is no news: the way out is."""
        notice = self._desk.state.notice
        return notice is not None and bool(notice.button)
