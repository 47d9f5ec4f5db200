"""Which moment of a training is shown, and the way back to the newest one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import ElidedLabel


class MomentBar(QWidget):
    """Hidden while the newest moment is shown. `now_wanted` is a click on its button."""

    now_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = ElidedLabel(theme, bold=True)
        self.now = Button(
            theme,
            QCoreApplication.translate("Moment", "Back to now"),
            icon="reset",
            on_click=self.now_wanted.emit,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self.label, 1)
        row.addWidget(self.now)
        self.hide()

    def show_text(self, text: str) -> None:
        self.label.set_text(text)
        self.setVisible(bool(text))
