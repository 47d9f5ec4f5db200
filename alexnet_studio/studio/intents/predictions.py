"""Images without labels: predicted, listed by how sure the network is, saved and sorted into folders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import wording
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import predictions as jobs
from alexnet_studio.studio.jobs.insight import Shelf
from alexnet_studio.studio.jobs.runner import Finished, JobKind, Work
from alexnet_studio.studio.showing.predictions_listing import caption, listed
from alexnet_studio.studio.state.predictions import (
    AnswersSeen,
    Asked,
    CopyPlan,
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
            "save_predictions": self.save,
            "submit_predictions": self.submit,
            "sort_predictions": self.ask_target,
            "copy_sorted": self.copy,
            "give_up_copying": self.give_up,
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.PREDICT: Listener(self._on_answers, self._on_finished),
            JobKind.SORT: Listener(self._on_copying, self._on_copied),
        }

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
        self._desk.cancel(JobKind.SORT)

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

    def save(self) -> None:
        """All of them, not only those that are listed."""
        shown = self._desk.state.predictions
        make = partial(jobs.save_csv, tuple(shown.answers), shown.least)
        self._desk.dialogs.choose_target(self._suggested("predictions.csv"), self._export(make))

    def submit(self) -> None:
        """Raises `BadInput` ("submission_classes", "submission_names")."""
        from alexnet_studio.insight import submission

        asked, answers = self._desk.state.predictions.asked, tuple(self._desk.state.predictions.answers)
        if asked is None or not answers:
            return
        submission.require_fit(asked.classes, [one.image for one in answers])
        title = QCoreApplication.translate("Predictions", "Save as an ILSVRC submission")
        by_name = QCoreApplication.translate("Predictions", "in the run’s own order, by name")
        by_file = QCoreApplication.translate("Predictions", "as in a file that names a class a line…")
        dialogs, make = self._desk.dialogs, partial(jobs.submit, answers, asked.classes)

        def ask_target(synsets: Path | None) -> None:
            dialogs.choose_target(self._suggested("submission.txt"), self._export(partial(make, synsets)))

        def on_chosen(choice: str) -> None:
            if choice == by_file:
                dialogs.choose_named_file(title, self._desk.after(ask_target))
            else:
                ask_target(None)

        label = QCoreApplication.translate("Predictions", "How are the classes numbered?")
        dialogs.ask_choice(title, label, (by_file, by_name), self._desk.after(on_chosen))

    def ask_target(self) -> None:
        title = QCoreApplication.translate("Predictions", "Sort into class folders in an empty or new folder")
        self._desk.dialogs.choose_empty_folder(title, self._desk.after(self.plan_copies))

    def plan_copies(self, target: Path) -> None:
        """Look at what copying takes, before a person says yes."""
        shown = self._desk.state.predictions
        if shown.asked is None:
            return
        shown.plan, self._desk.state.notice = None, None
        answers, classes, sources = tuple(shown.answers), shown.asked.classes, shown.sources
        least = shown.least
        self._desk.start(JobKind.SORT, lambda: jobs.plan_copies(answers, classes, sources, target, least))

    def copy(self) -> None:
        shown = self._desk.state.predictions
        plan, shown.plan = shown.plan, None
        if plan is None or shown.asked is None:
            return
        answers, classes, sources = tuple(shown.answers), shown.asked.classes, shown.sources
        self._desk.start(JobKind.SORT, lambda: jobs.copy(answers, classes, sources, plan))

    def give_up(self) -> None:
        self._desk.state.predictions.plan = None

    def _export(self, make: Callable[[Path], Work]) -> Callable[[Path], None]:
        return self._desk.after(lambda target: self._desk.start(JobKind.EXPORT, lambda: make(target)))

    def _suggested(self, what: str) -> str:
        shown = self._desk.state.predictions
        stem = shown.sources[0].stem if len(shown.sources) == 1 else "images"
        return f"{stem}_{what}"

    def _list(self) -> None:
        shown = self._desk.state.predictions
        shown.listed = listed(shown, arranged=not self._desk.state.working(JobKind.PREDICT))
        shown.version += 1

    def _on_answers(self, event: object) -> None:
        state, shown = self._desk.state, self._desk.state.predictions
        match event:
            case Progress():
                state.progress[JobKind.PREDICT] = event
            case Asked():
                shown.asked = event
                if event.note:
                    state.notice = Notice(event.note)
            case AnswersSeen():
                for one in event.answers:
                    path = str(one.image)
                    shown.row_of[path], shown.captions[path] = len(shown.answers), caption(one)
                    shown.answers.append(one)
                self._list()
            case _:
                pass

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
        if self._desk.state.predictions.asked is None:  # nothing came of it
            self._desk.state.predictions.sources = ()
        self._list()

    def _on_copying(self, event: object) -> None:
        state = self._desk.state
        match event:
            case Progress():
                state.progress[JobKind.SORT] = event
            case CopyPlan():
                state.predictions.plan = event
            case jobs.Copied():
                state.notice = Notice(_told(event))
            case _:
                pass

    def _on_copied(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
        elif finished.cancelled:
            self._desk.state.notice = Notice(
                QCoreApplication.translate(
                    "Predictions", "Copying was stopped. What is in the folder already is whole."
                )
            )


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


def _told(done: jobs.Copied) -> str:
    text = QCoreApplication.translate(
        "Predictions", "{n} images are copied into {folder}, {unsure} of them unsure."
    )
    said = [text.format(n=wording.count(done.copies), folder=done.target, unsure=wording.count(done.unsure))]
    if done.unread:
        more = QCoreApplication.translate("Predictions", "{n} that cannot be read are left where they are.")
        said.append(more.format(n=wording.count(done.unread)))
    if done.gone:
        more = QCoreApplication.translate("Predictions", "{n} are no longer there.")
        said.append(more.format(n=wording.count(done.gone)))
    return " ".join(said)
