"""A line that opens onto more: its title, a summary while it is closed, and the content while it is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.elided_label import ElidedLabel


class Fold(QWidget):
    """The content is made by `build` when it is opened for the first time."""

    toggled = Signal(bool)

    def __init__(
        self, theme: Theme, title: str, build: Callable[[], QWidget], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._build = build
        self._content: QWidget | None = None
        self.header = QPushButton(title)
        self.header.setProperty("role", "fold")
        self.header.setCheckable(True)
        self.header.setAutoDefault(False)
        self.header.toggled.connect(self._show_content)
        self.summary = ElidedLabel(theme, "quiet")
        top = QHBoxLayout()
        top.setSpacing(GRID_PX)
        top.addWidget(self.header, 0)
        top.addWidget(self.summary, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)
        self._column.addLayout(top)
        self._tint()
        theme.changed.connect(self._tint)

    def is_open(self) -> bool:
        return self.header.isChecked()

    def set_open(self, open_: bool) -> None:
        self.header.setChecked(open_)

    def set_title(self, title: str) -> None:
        self.header.setText(title)

    def set_summary(self, text: str) -> None:
        self.summary.set_text(text)

    def _show_content(self, open_: bool) -> None:
        if open_ and self._content is None:
            self._content = self._build()
            self._column.addWidget(self._content, 1)
        if self._content is not None:
            self._content.setVisible(open_)
        self._tint()
        self.toggled.emit(open_)

    def _tint(self) -> None:
        self.header.setIcon(self._theme.icon("chevron-down" if self.is_open() else "chevron-right"))
