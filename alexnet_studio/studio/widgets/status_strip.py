"""The line at the window's foot: device, skipped images, last save, and what is running with its Cancel."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.status import StatusView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import ElidedLabel


class StatusStrip(QWidget):
    """`skipped_clicked` asks for the list behind the count of skipped images."""

    cancel_requested = Signal()
    skipped_clicked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.device = _fact(theme)
        self.skipped = Button(theme, role="quiet", on_click=self.skipped_clicked.emit)
        self.saved = _fact(theme)
        self.job = _fact(theme)
        self.bar = _ProgressLine()
        self.cancel = Button(
            theme,
            QCoreApplication.translate("StatusStrip", "Cancel"),
            role="quiet",
            on_click=self.cancel_requested.emit,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID_PX, 0, GRID_PX, 0)
        row.setSpacing(2 * GRID_PX)
        for widget in (self.device, self.skipped, self.saved):
            row.addWidget(widget)
        row.addStretch(1)
        for widget in (self.job, self.bar, self.cancel):
            row.addWidget(widget)
        self.setFixedHeight(4 * GRID_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_view(StatusView())
        theme.changed.connect(self.update)

    def show_view(self, view: StatusView) -> None:
        for label, text in ((self.device, view.device), (self.saved, view.saved), (self.job, view.job)):
            label.set_text(text)
            label.setVisible(bool(text))
        self.device.set_tip(view.device_tip)
        self.skipped.setText(view.skipped)
        self.skipped.setVisible(bool(view.skipped))
        self.bar.setVisible(bool(view.job))
        # A range of 0 to 0 is Qt's way to say that nobody knows yet how much there is.
        self.bar.setRange(0, view.total)
        self.bar.setValue(min(view.done, view.total))
        self.cancel.setVisible(bool(view.job))
        self.cancel.set_state(enabled=view.cancel.enabled, text=view.cancel.text, tip=view.cancel.tip)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("ground"))
        painter.fillRect(0, 0, self.width(), 1, self._theme.colour("line"))


class _ProgressLine(QProgressBar):
    def __init__(self) -> None:
        super().__init__()
        self.setTextVisible(False)
        self.setFixedWidth(18 * GRID_PX)
        self.setAccessibleName(QCoreApplication.translate("StatusStrip", "Progress"))


def _fact(theme: Theme) -> ElidedLabel:
    label = ElidedLabel(theme, "quiet", delta=-0.5)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return label
