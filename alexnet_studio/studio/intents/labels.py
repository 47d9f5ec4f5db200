"""Relabelling images and leaving them out, with undo; filtering what the Data panel shows; the same images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.dataset import skipped_problems
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import labels as label_jobs
from alexnet_studio.studio.jobs.labels import Corrected
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.labels import LabelState

if TYPE_CHECKING:
    from alexnet_studio.images.corrections import Corrections


class LabelIntents:
    """`changed` is told when the folder on the screen has other labels than before."""

    def __init__(self, desk: Desk, changed: Callable[[], None]) -> None:
        self._desk = desk
        self._changed = changed

    @property
    def actions(self) -> Actions:
        return {
            "leave_out": partial(self.relabel, ""),
            "take_back": self.take_back,
            "undo_labels": self.undo,
            "redo_labels": self.redo,
            "check_images": self.look,
            "export_labels": self._ask_table,
            "export_links": self._ask_links,
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.LABELS: Listener(self._on_told, self._on_finished),
            JobKind.LOOK: Listener(self._on_looked, self._on_finished),
        }

    def relabel(self, label: str) -> None:
        """The selected image belongs to the class `label`; "" leaves it out."""
        path = self._desk.state.selection.image
        if path is not None:
            self.set(self._now().with_label([path], label))

    def take_back(self) -> None:
        """The selected image is again what its folder says."""
        path = self._desk.state.selection.image
        if path is not None:
            self.set(self._now().without([path]))

    def undo(self) -> None:
        labels = self._desk.state.labels
        if labels.past:
            *past, before = labels.past
            self._go(replace(labels, now=before, past=tuple(past), future=(*labels.future, self._now())))

    def redo(self) -> None:
        labels = self._desk.state.labels
        if labels.future:
            *future, after = labels.future
            self._go(replace(labels, now=after, future=tuple(future), past=(*labels.past, self._now())))

    def filter(self, kept: str) -> None:
        self._desk.state.labels = replace(self._desk.state.labels, filter=kept)

    def search(self, words: str) -> None:
        self._desk.state.labels = replace(self._desk.state.labels, words=words)

    def list_skipped(self, problem: str) -> None:
        """Those that were left out for this; "" is all of them."""
        self._desk.state.labels = replace(self._desk.state.labels, problem=problem)

    def look(self) -> None:
        dataset = self._desk.state.dataset
        if dataset is not None and dataset.scanned is not None:
            root, now = dataset.scanned.root, self._desk.state.labels.now
            self._desk.start(JobKind.LOOK, lambda: label_jobs.look(root, now))

    def _now(self) -> Corrections:
        from alexnet_studio.images.corrections import Corrections

        return self._desk.state.labels.now or Corrections()

    def set(self, made: Corrections) -> None:
        labels = self._desk.state.labels
        if made != self._now():
            self._go(replace(labels, now=made, past=(*labels.past, self._now()), future=()))

    def _go(self, labels: LabelState) -> None:
        self._desk.require_idle()
        dataset = self._desk.state.dataset
        if dataset is None or dataset.scanned is None or labels.now is None:
            return
        self._desk.state.labels = labels
        scanned, now, looked = dataset.scanned, labels.now, dataset.alike is not None
        self._desk.start(JobKind.LABELS, lambda: label_jobs.correct(scanned, now, looked=looked))

    def _on_told(self, event: object) -> None:
        if isinstance(event, Corrected):
            self._show(event)

    def _on_looked(self, event: object) -> None:
        if isinstance(event, Corrected):
            self._show(event)
            if event.dataset.alike:
                self.filter("alike")
        elif isinstance(event, Progress):
            self._desk.state.progress[JobKind.LOOK] = event

    def _show(self, event: Corrected) -> None:
        state = self._desk.state
        if state.dataset is None or state.dataset.root != event.dataset.root:
            return  # another folder was opened meanwhile
        state.dataset = event.dataset
        if state.labels.problem not in dict(skipped_problems(event.dataset)):
            self.list_skipped("")
        self._changed()

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is None:
            return
        self._desk.tell(finished.error)
        labels = self._desk.state.labels
        if finished.kind is JobKind.LABELS and labels.past:
            # What could not be done is not there to be undone.
            *past, before = labels.past
            self._desk.state.labels = replace(labels, now=before, past=tuple(past))

    def _ask_table(self) -> None:
        now, dataset = self._now(), self._desk.state.dataset
        if now and dataset is not None:
            self._desk.dialogs.choose_target(
                f"{dataset.name}_labels.csv", self._desk.after(partial(self.write_table, now))
            )

    def _ask_links(self) -> None:
        if self._desk.state.dataset is not None:
            self._desk.dialogs.choose_folder(self._desk.after(self.write_links))

    def write_table(self, now: Corrections, target: Path) -> None:
        self._desk.start(JobKind.EXPORT, lambda: label_jobs.save_table(now, target))

    def write_links(self, target: Path) -> None:
        dataset = self._desk.state.dataset
        if dataset is not None and dataset.folder is not None:
            folder = dataset.folder
            self._desk.start(JobKind.EXPORT, lambda: label_jobs.save_links(folder, target))
