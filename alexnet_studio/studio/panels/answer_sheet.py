"""Several queries with their neighbours, a row each, as in the paper's Fig. 4."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.neighbours import AnswerView
from alexnet_studio.studio.widgets.mark import mark_of
from alexnet_studio.studio.widgets.picture_row import Picture, PictureRow

_SIDE_PX = 64


class AnswerSheet(QWidget):
    """`picked` carries the path of any picture that was clicked, `opened` of one double-clicked."""

    picked = Signal(str)
    opened = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.rows: list[PictureRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)

    def show_answers(self, answers: tuple[AnswerView, ...]) -> None:
        while len(self.rows) < len(answers):
            row = PictureRow(self._theme, _SIDE_PX)
            row.picked.connect(self.picked)
            row.opened.connect(self.opened)
            self._column.addWidget(row)
            self.rows.append(row)
        for index, row in enumerate(self.rows):
            row.setVisible(index < len(answers))
            row.set_pictures(pictures_of(answers[index], lead=True) if index < len(answers) else ())

    def set_pixels(self, path: str, pixels: NDArray[np.uint8]) -> None:
        for row in self.rows:
            row.set_pixels(path, pixels)

    def missing(self) -> tuple[str, ...]:
        return tuple(key for row in self.rows for key in row.missing())


def pictures_of(answer: AnswerView, *, lead: bool) -> tuple[Picture, ...]:
    """The neighbours as pictures, after the query itself when `lead`."""
    query = Picture(answer.query.path, answer.title, answer.truth, lead=True, pixels=answer.query.pixels)
    found = tuple(
        Picture(n.thumbnail.path, n.distance, n.name, mark_of(n.agrees), pixels=n.thumbnail.pixels)
        for n in answer.neighbours
    )
    return (query, *found) if lead else found
