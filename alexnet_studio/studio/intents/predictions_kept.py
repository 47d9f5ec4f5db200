"""What is done with predictions: saved as a table or as a submission, or the images copied into class folders."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import wording
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import predictions as jobs
from alexnet_studio.studio.jobs.runner import Finished, JobKind, Work
from alexnet_studio.studio.state.predictions import CopyPlan
from alexnet_studio.studio.state.window import Notice


class KeptPredictionIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def actions(self) -> Actions:
        return {
            "save_predictions": self.save,
            "submit_predictions": self.submit,
            "sort_predictions": self.ask_target,
            "copy_sorted": self.copy,
            "give_up_copying": self.give_up,
        }

    @property
    def listeners(self) -> Listeners:
        return {JobKind.SORT: Listener(self._on_copying, self._on_copied)}

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
