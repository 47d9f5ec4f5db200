"""Images without labels: predicted, and listed by how sure the network is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import predictions as jobs
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing.predictions_listing import caption, listed
from alexnet_studio.studio.state.predictions import (
    AnswersSeen,
    Asked,
    Order,
    Pile,
    PredictionState,
    Views,
)
from alexnet_studio.studio.state.window import Notice


class PredictionIntents:
    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self._desk = desk
        self._shelf = shelf
        self._run: Path | None = None

    @property
    def actions(self) -> Actions:
        return {
            "predict_folder": self.open,
            "choose_predicted": self.choose,
            "stop_predicting": self.stop,
        }

    @property
    def listeners(self) -> Listeners:
        return {JobKind.PREDICT: Listener(self._on_answers, self._on_finished)}

    def follow(self) -> None:
        """Another run is on the screen: what the last one said is not its answer."""
        run = self._desk.state.run
        path = None if run is None else run.path
        if path == self._run:
            return
        self._run = path
        before = self._desk.state.predictions
        self._desk.state.predictions = _anew(before, (), version=before.version + 1)
        self._desk.cancel(JobKind.PREDICT)

    def set_open(self, is_open: bool) -> None:
        self._desk.state.predictions.is_open = is_open

    def open(self) -> None:
        """What was predicted; where that is nothing, a folder is asked for as well."""
        shown = self._desk.state.predictions
        shown.is_open, shown.calls = True, shown.calls + 1
        run = self._desk.state.run
        if not shown.sources and run is not None and run.has_checkpoint:
            self.choose()

    def choose(self) -> None:
        """Raises `BadInput` ("no_weights")."""
        self._desk.require_weights()
        self._desk.dialogs.choose_new_images(self._desk.after(lambda folder: self.predict((folder,))))

    def predict(self, sources: Sequence[Path]) -> None:
        """Folders and files, from a dialog or dropped. Raises `BadInput` ("no_weights")."""
        run, before = self._desk.require_weights(), self._desk.state.predictions
        asked, views = tuple(source.absolute() for source in sources), before.views
        if not asked:
            return
        shown = _anew(before, asked, version=before.version + 1)
        shown.is_open, shown.calls = True, before.calls + 1
        self._desk.state.predictions, self._desk.state.notice = shown, None
        self._desk.start(JobKind.PREDICT, lambda: jobs.predict(self._shelf, run, asked, views))

    def stop(self) -> None:
        self._desk.cancel(JobKind.PREDICT)
        self._desk.cancel(JobKind.SORT)  # of which only one goes on at a time

    def pick_views(self, views: str) -> None:
        """Other views are other answers: the images are predicted again."""
        shown = self._desk.state.predictions
        if views != shown.views:
            shown.views = cast("Views", views)
            self.predict(shown.sources)

    def set_threshold(self, threshold: float) -> None:
        shown = self._desk.state.predictions
        shown.threshold, shown.plan = min(max(threshold, 0.0), 1.0), None
        self._list()

    def pick_pile(self, pile: str) -> None:
        self._desk.state.predictions.pile = cast("Pile", pile)
        self._list()

    def pick_class(self, name: str) -> None:
        self._desk.state.predictions.class_name = name
        self._list()

    def pick_order(self, order: str) -> None:
        self._desk.state.predictions.order = cast("Order", order)
        self._list()

    def _list(self) -> None:
        shown = self._desk.state.predictions
        shown.listed = listed(shown, arranged=not self._desk.state.working(JobKind.PREDICT))
        shown.version += 1

    def _on_answers(self, event: object) -> None:
        state, shown = self._desk.state, self._desk.state.predictions
        match event:
            case Progress():
                state.progress[JobKind.PREDICT] = event
            # Without sources another run is on the screen by now, and what was still under way is no news.
            case Asked() if shown.sources:
                shown.asked = event
                if event.note:
                    state.notice = Notice(event.note)
            case AnswersSeen() if shown.asked is not None:
                for one in event.answers:
                    shown.take(one, caption(one))
                self._list()
            case _:
                pass

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
        if self._desk.state.predictions.asked is None:  # nothing came of it
            self._desk.state.predictions.sources = ()
        self._list()


def _anew(before: PredictionState, sources: tuple[Path, ...], *, version: int) -> PredictionState:
    """Without answers, with what a person has chosen."""
    return PredictionState(
        is_open=before.is_open,
        calls=before.calls,
        sources=sources,
        views=before.views,
        threshold=before.threshold,
        order=before.order,
        version=version,
    )
