"""The Data panel: the classes and their counts, sample images, and what was skipped and why."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.image_browser import ImageBrowser
from alexnet_studio.studio.panels.skipped_files import SkippedFiles
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.data import ClassRow, DataView
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.fold import Fold
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.stage import Stage
from alexnet_studio.studio.widgets.table import Table
from alexnet_studio.studio.widgets.table_rows import Column, Row

_SPLIT_COLUMNS = {2: "train", 3: "val", 4: "test"}


class DataPanel(QWidget):
    """`thumbnails_wanted` carries the visible paths that have no pixels yet, `skipped_seen` those of skipped files;
    `image_picked` is a double click.
    """

    intent = Signal(str)
    selection_changed = Signal(object)
    thumbnails_wanted = Signal(object)
    skipped_seen = Signal(object)
    image_picked = Signal(str)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = DataView()
        self.title = ElidedLabel(theme, bold=True)
        self.notes = PlainLabel(theme, "quiet", delta=-0.5)
        self.classes = Table(theme, _class_columns())
        self.classes.setAccessibleName(QCoreApplication.translate("Data", "Classes"))
        self.classes.picked.connect(self._on_class_picked)
        self.browser = ImageBrowser(theme)
        self.browser.intent.connect(self.intent)
        self.images = self.browser.grid
        self.images.missing_seen.connect(self.thumbnails_wanted)
        self.images.picked.connect(self._on_image_picked)
        self.images.opened.connect(self.image_picked)
        self.skipped = SkippedFiles(theme)
        self.skipped.missing_seen.connect(self.skipped_seen)
        self.skipped.export_requested.connect(self.export_requested)
        self.skipped_fold = Fold(theme, "", lambda: self.skipped)
        self.skipped.setParent(self.skipped_fold)
        self.skipped.hide()
        self._class_actions = FigureActions(
            self.classes, ("csv",), partial(self.export_requested.emit, "classes"), text=self.classes.as_text
        )
        self.stage = Stage(theme, self._made_content())
        self.stage.intent.connect(self.intent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)

    def show_view(self, view: DataView) -> None:
        before, self._view = self._view, view
        self.stage.show_empty(view.empty)
        self.title.set_text(view.title)
        self.notes.set_text("\n".join(view.notes))
        if (view.classes, view.splits) != (before.classes, before.splits):
            self.classes.set_absent(
                frozenset(column for column, split in _SPLIT_COLUMNS.items() if split not in view.splits)
            )
            self.classes.set_rows(_class_rows(view))
        self.classes.select(_row_of(view))
        self._show_skipped(view, before)
        self.browser.show_view(view)

    def set_thumbnail(self, path: str, pixels: NDArray[np.uint8]) -> None:
        self.images.set_pixels(path, pixels)
        self.skipped.set_thumbnail(path, pixels)

    def show_skipped(self) -> None:
        """Open the list of what was left out: the status line's count leads here."""
        self.skipped_fold.set_open(True)
        self.skipped.files.setFocus()

    def copy(self) -> None:
        skipped = self.skipped.files.hasFocus()
        (self.skipped.actions_of_files if skipped else self._class_actions).copy()

    def _made_content(self) -> QWidget:
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.setHandleWidth(2 * GRID_PX)
        split.addWidget(self.classes)
        split.addWidget(self.browser)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 4)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.title)
        column.addWidget(self.notes)
        column.addWidget(split, 1)
        column.addWidget(self.skipped_fold)
        return content

    def _show_skipped(self, view: DataView, before: DataView) -> None:
        self.skipped_fold.setVisible(bool(view.skipped_total))
        self.skipped.show_view(view, before)
        if view.skipped is not before.skipped:
            text = QCoreApplication.translate("Data", "{count} skipped")
            self.skipped_fold.set_title(text.format(count=f"{view.skipped_total:,}"))
            self.skipped_fold.set_summary(view.skipped[0].reason if view.skipped_total == 1 else "")

    def _on_class_picked(self, row: int) -> None:
        self._announce(label=self._view.classes[row].label, image=None)

    def _on_image_picked(self, path: str) -> None:
        self._announce(label=self._view.selection.label, image=path)

    def _announce(self, *, label: int | None, image: str | None) -> None:
        self.selection_changed.emit(replace(self._view.selection, label=label, image=image))


def _class_columns() -> tuple[Column, ...]:
    return (
        Column(QCoreApplication.translate("Data", "class")),
        Column("", bar=True, rank=2, bar_px=88),
        Column(QCoreApplication.translate("Data", "train"), numeric=True),
        Column(QCoreApplication.translate("Data", "val"), numeric=True, rank=1),
        Column(QCoreApplication.translate("Data", "test"), numeric=True, rank=1),
    )


def _class_rows(view: DataView) -> list[Row]:
    """A bar is a class's share of the largest class, all splits together."""
    totals = [row.train + row.val + row.test for row in view.classes]
    largest = max(totals, default=0)
    return [
        Row((row.name, "", *_counts(row, view.splits)), bar=total / largest if largest else 0.0)
        for row, total in zip(view.classes, totals, strict=True)
    ]


def _counts(row: ClassRow, splits: tuple[str, ...]) -> tuple[str, str, str]:
    counts = {"train": row.train, "val": row.val, "test": row.test}
    train, val, test = (f"{counts[name]:,}" if name in splits else "" for name in ("train", "val", "test"))
    return train, val, test


def _row_of(view: DataView) -> int | None:
    labels = [row.label for row in view.classes]
    return labels.index(view.selection.label) if view.selection.label in labels else None
