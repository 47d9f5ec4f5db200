"""The files that are left out, with what can be seen of each, the reason, and a filter by problem."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.data import DataView, SkippedRow
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.file_list import FileList, FileRow
from alexnet_studio.studio.widgets.in_a_row import in_a_row

_HEIGHT_PX = 26 * GRID_PX


class SkippedFiles(QWidget):
    """`missing_seen` names the visible files of which something may be seen."""

    missing_seen = Signal(object)
    problem_picked = Signal(str)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problem = Chooser(QCoreApplication.translate("Data", "Problem"), letters=18)
        self.problem.chosen.connect(self.problem_picked)
        self.files = FileList(theme)
        self.files.setAccessibleName(QCoreApplication.translate("Data", "Skipped"))
        self.files.missing_seen.connect(self.missing_seen)
        self.actions_of_files = FigureActions(
            self.files, ("csv",), partial(self.export_requested.emit, "skipped"), text=self.files.as_text
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(in_a_row(self.problem))
        column.addWidget(self.files)

    def show_view(self, view: DataView, before: DataView) -> None:
        self.problem.show_choices(view.skipped_filters, view.skipped_filter)
        # One problem is no choice: "all" and itself.
        self.problem.setVisible(len(view.skipped_filters) > 2)
        if view.skipped is not before.skipped:
            self.files.set_rows(
                tuple(FileRow(row.path, row.reason, _kind(row), row.seen) for row in view.skipped)
            )
            self.files.limit_height(_HEIGHT_PX)

    def set_thumbnail(self, path: str, pixels: NDArray[np.uint8]) -> None:
        self.files.set_pixels(path, pixels)


def _kind(row: SkippedRow) -> str:
    """What its icon says: the kind of file by its name, or what it is instead."""
    words = {
        "empty": QCoreApplication.translate("Data", "0 B"),
        "link": QCoreApplication.translate("Data", "link"),
        "access": "✕",
    }
    name = row.path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    kind = suffix.lower() if dot and stem else "?"
    return words.get(row.problem) or (f"≠ {kind}" if row.problem == "no_image" else kind)
