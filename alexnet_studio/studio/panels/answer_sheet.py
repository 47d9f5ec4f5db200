"""Several queries with their neighbours, below one another, as in the paper's Fig. 4."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.panels.answer_rows import AnswerRows
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.neighbours import AnswerView
from alexnet_studio.studio.views.parts import Pixels


class AnswerSheet(QWidget):
    """`picked` carries the path of any picture that was clicked, `opened` of one double-clicked."""

    picked = Signal(str)
    opened = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.answers: list[AnswerRows] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)

    def show_answers(self, answers: tuple[AnswerView, ...]) -> None:
        while len(self.answers) < len(answers):
            rows = AnswerRows(self._theme, lead=True)
            rows.picked.connect(self.picked)
            rows.opened.connect(self.opened)
            self._column.addWidget(rows)
            self.answers.append(rows)
        for index, rows in enumerate(self.answers):
            rows.setVisible(index < len(answers))
            rows.show_answer(answers[index] if index < len(answers) else None)

    def set_pixels(self, path: str, pixels: Pixels) -> None:
        for rows in self.answers:
            rows.set_pixels(path, pixels)

    def missing(self) -> tuple[str, ...]:
        return tuple(key for rows in self.answers for key in rows.missing())
