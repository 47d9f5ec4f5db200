"""An error or a note as one line above the panels, never a modal box."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.status import NoticeView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.plain_label import PlainLabel


class NoticeBar(QWidget):
    """Hidden without a notice. `intent` names the remedy's action; Escape or the cross dismisses."""

    intent = Signal(str)
    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: NoticeView | None = None
        self._mark = QLabel()
        self.sentence = PlainLabel(theme)
        self.remedy = Button(theme, on_click=self._announce)
        self.close_button = Button(theme, icon="close", role="quiet", on_click=self.dismissed.emit)
        self.close_button.setAccessibleName(QCoreApplication.translate("NoticeBar", "Dismiss"))
        self.close_button.setToolTip(QCoreApplication.translate("NoticeBar", "Dismiss"))
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID_PX, GRID_PX // 2, GRID_PX, GRID_PX // 2)
        row.setSpacing(GRID_PX)
        row.addWidget(self._mark, 0)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.remedy, 0)
        row.addWidget(self.close_button, 0)
        self.setVisible(False)
        theme.changed.connect(self._restyle)

    def show_view(self, view: NoticeView | None) -> None:
        self._view = view
        if view is not None:
            self.sentence.set_text(view.sentence)
            self.remedy.setText(view.button)
            self.remedy.setVisible(bool(view.button))
            self._restyle()
        self.setVisible(view is not None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._view is None:
            return
        painter = QPainter(self)
        error = self._view.kind == "error"
        painter.fillRect(self.rect(), self._theme.colour("accent_soft" if not error else "bad_soft"))
        edge = self._theme.colour("bad" if error else "accent")
        painter.fillRect(QRect(0, 0, 3, self.height()), edge)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def _announce(self) -> None:
        if self._view is not None:
            self.intent.emit(self._view.intent)

    def _restyle(self) -> None:
        if self._view is not None:
            name = "warning" if self._view.kind == "error" else "help"
            self._mark.setPixmap(self._theme.icon(name).pixmap(16, 16))
        self.update()
