"""A wrapping label that never parses its text as HTML."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QWidget

from alexnet_studio.studio.theme import Theme


class PlainLabel(QLabel):
    """`colour` is the name of a field of `Colours`. Hidden by `set_text("")`, so that an empty line takes no room."""

    def __init__(
        self,
        theme: Theme,
        colour: str = "text",
        *,
        delta: float = 0.0,
        bold: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour = colour
        self._delta = delta
        self._bold = bold
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setMinimumWidth(1)
        self.setVisible(False)
        self._restyle()
        theme.changed.connect(self._restyle)

    def set_text(self, text: str) -> None:
        self.setText(text)
        self.setVisible(bool(text))

    def _restyle(self) -> None:
        self.setFont(self._theme.font(self._delta, bold=self._bold))
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, self._theme.colour(self._colour))
        self.setPalette(palette)
