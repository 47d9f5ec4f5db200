"""Below the predicted images: what is being done, and what can be done with them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.predictions import PredictionsView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.plain_label import PlainLabel


class PredictionsFoot(QWidget):
    """`intent` is an action of the window."""

    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.told = PlainLabel(theme, "quiet")
        self.busy = PlainLabel(theme, "quiet")
        self.cancel = self._button(QCoreApplication.translate("Predictions", "Cancel"), "stop_predicting")
        self.plan = PlainLabel(theme)
        self.copy = self._button(QCoreApplication.translate("Predictions", "Copy"), "copy_sorted")
        self.give_up = self._button(
            QCoreApplication.translate("Predictions", "Do not copy"), "give_up_copying"
        )
        self.save = self._button(
            QCoreApplication.translate("Predictions", "Save as CSV…"), "save_predictions"
        )
        self.submit = self._button(
            QCoreApplication.translate("Predictions", "Save as an ILSVRC submission…"), "submit_predictions"
        )
        self.sort = self._button(
            QCoreApplication.translate("Predictions", "Sort into class folders…"), "sort_predictions"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.told)
        column.addLayout(_line(self.busy, self.cancel))
        column.addLayout(_line(self.plan, self.copy, self.give_up))
        flow = FlowLayout(GRID_PX)
        for button in (self.save, self.submit, self.sort):
            flow.addWidget(button)
        column.addLayout(flow)

    def show_view(self, view: PredictionsView) -> None:
        self.told.set_text(view.notice)
        self.busy.set_text(view.busy)
        self.cancel.setVisible(bool(view.busy))
        self.plan.set_text(view.plan)
        self.copy.setVisible(bool(view.plan))
        self.give_up.setVisible(bool(view.plan))
        for button in (self.save, self.submit, self.sort):
            button.set_state(enabled=view.save.enabled, tip=view.save.tip)

    def _button(self, text: str, intent: str) -> Button:
        return Button(self._theme, text, on_click=partial(self.intent.emit, intent))


def _line(text: QWidget, *buttons: QWidget) -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(GRID_PX)
    line.addWidget(text, 1)
    for button in buttons:
        line.addWidget(button)
    return line
