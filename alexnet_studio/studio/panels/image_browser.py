"""The folder's images as a grid: filtered, searched, and corrected by the person."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.data import DataView
from alexnet_studio.studio.views.parts import ActionView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.image_grid import ImageGrid

_SEARCH_MS = 150  # after the last key, before a hundred thousand paths are looked through


class ImageBrowser(QWidget):
    """`filter_picked` and `searched` change what is shown, `label_picked` the class of the selected image."""

    intent = Signal(str)
    filter_picked = Signal(str)
    searched = Signal(str)
    label_picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = QLineEdit()
        self.search.setPlaceholderText(QCoreApplication.translate("Data", "search file names"))
        self.search.setAccessibleName(QCoreApplication.translate("Data", "Search file names"))
        self.search.setClearButtonEnabled(True)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_SEARCH_MS)
        self._pause.timeout.connect(lambda: self.searched.emit(self.search.text()))
        self.search.textEdited.connect(lambda: self._pause.start())
        self.filter = Chooser(QCoreApplication.translate("Data", "Show"))
        self.filter.chosen.connect(self.filter_picked)
        self.found = ElidedLabel(theme, "quiet", delta=-0.5)
        self.grid = ImageGrid(theme)
        self.grid.setAccessibleName(QCoreApplication.translate("Data", "Images"))
        self.label = Chooser(QCoreApplication.translate("Data", "Class of the image"), letters=9)
        self.label.setPlaceholderText(QCoreApplication.translate("Data", "class"))
        self.label.chosen.connect(self.label_picked)
        self.buttons = {
            "leave_out": Button(theme, QCoreApplication.translate("Data", "Leave out")),
            "take_back": Button(theme, QCoreApplication.translate("Data", "As its folder says")),
            "undo_labels": Button(theme, QCoreApplication.translate("Data", "Undo")),
            "redo_labels": Button(theme, QCoreApplication.translate("Data", "Redo")),
            "check_images": Button(theme, QCoreApplication.translate("Data", "Check all images")),
        }
        for name, button in self.buttons.items():
            button.clicked.connect(partial(self._press, name))
        self._lay_out()

    def show_view(self, view: DataView) -> None:
        self.filter.show_choices(view.filters, view.filter)
        if not self._pause.isActive() and self.search.text() != view.words:
            self.search.setText(view.words)
        self.found.set_text(view.found)
        edit = view.editing
        self.label.show_choices(edit.labels, edit.label)
        self.label.setEnabled(bool(edit.labels) and (edit.leave_out.enabled or edit.take_back.enabled))
        actions: dict[str, ActionView] = {
            "leave_out": edit.leave_out,
            "take_back": edit.take_back,
            "undo_labels": edit.undo,
            "redo_labels": edit.redo,
            "check_images": edit.check,
        }
        for name, action in actions.items():
            self.buttons[name].set_state(enabled=action.enabled, tip=action.tip)
        self.grid.set_keys(view.images, view.captions)
        self.grid.set_current(view.selection.image)

    def _press(self, name: str) -> None:
        self.intent.emit(name)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID_PX)
        top.addWidget(self.search, 2)
        top.addWidget(self.filter)
        top.addWidget(self.found, 1)
        tools = QWidget()
        row = FlowLayout(GRID_PX, tools)
        for widget in (self.label, *self.buttons.values()):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self.grid, 1)
        column.addWidget(tools)
