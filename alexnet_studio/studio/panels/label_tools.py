"""Another class for the selected image, leaving it out, and taking that back."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.data import LabelEditing
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.flow_layout import FlowLayout


class LabelTools(QWidget):
    """`label_picked` carries the class; `intent` is "leave_out" or "undo_labels"."""

    intent = Signal(str)
    label_picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.label = Chooser(QCoreApplication.translate("Data", "Class of the image"), letters=9)
        self.label.setPlaceholderText(QCoreApplication.translate("Data", "class"))
        self.label.chosen.connect(self.label_picked)
        self.leave_out = Button(
            theme,
            QCoreApplication.translate("Data", "Leave out"),
            on_click=partial(self.intent.emit, "leave_out"),
        )
        self.undo = Button(
            theme,
            QCoreApplication.translate("Data", "Undo"),
            on_click=partial(self.intent.emit, "undo_labels"),
        )
        row = FlowLayout(GRID_PX, self)
        for widget in (self.label, self.leave_out, self.undo):
            row.addWidget(widget)

    def show_view(self, view: LabelEditing) -> None:
        self.label.show_choices(view.labels, view.label)
        self.label.setEnabled(bool(view.labels) and (view.leave_out.enabled or view.take_back.enabled))
        self.leave_out.set_state(enabled=view.leave_out.enabled, tip=view.leave_out.tip)
        self.undo.set_state(enabled=view.undo.enabled, tip=view.undo.tip)
