"""What an empty panel shows: one sentence in the middle and the button that gets on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.parts import EmptyView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.plain_label import PlainLabel


class EmptyState(QWidget):
    """`intent` carries the name of the action that its button stands for."""

    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._intent = ""
        self.sentence = PlainLabel(theme, "quiet")
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setMaximumWidth(420)
        self.button = Button(theme, on_click=self._announce)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.sentence, 100)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * GRID_PX, 2 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addStretch(2)
        column.addLayout(row)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_view(self, view: EmptyView) -> None:
        self._intent = view.intent
        self.sentence.set_text(view.sentence)
        self.button.setText(view.button)
        self.button.setVisible(bool(view.button))

    def _announce(self) -> None:
        self.intent.emit(self._intent)
