"""The folder's images as a grid: filtered, searched, and corrected by the person."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.data import DataView
from alexnet_studio.studio.views.moment import PinsView
from alexnet_studio.studio.views.parts import ActionView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.elided_label import ElidedLabel, plain_tip
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.image_grid import ImageGrid

_SEARCH_MS = 150  # after the last key, before a hundred thousand paths are looked through


class ImageBrowser(QWidget):
    """`filter_picked` and `searched` change what is shown, `label_picked` the class of the selected image;
    `pin_toggled` carries the image to pin or to unpin.
    """

    intent = Signal(str)
    filter_picked = Signal(str)
    searched = Signal(str)
    label_picked = Signal(str)
    pin_toggled = Signal(str)

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
        self.grid.menu_wanted.connect(self._open_menu)
        self._pins = PinsView()
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

    def show_pins(self, view: PinsView) -> None:
        self._pins = view

    def menu_of(self, image: str) -> QMenu:
        """What can be done with an image of the grid."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        ask = menu.addAction(QCoreApplication.translate("Data", "Ask about it"))
        ask.triggered.connect(lambda: self.grid.opened.emit(image))
        pinned = image in self._pins.held
        unpin, pin = QCoreApplication.translate("Pins", "Unpin"), QCoreApplication.translate("Pins", "Pin")
        toggle = menu.addAction(unpin if pinned else pin)
        toggle.setToolTip(plain_tip(self._pins.tip))
        toggle.setEnabled(self._pins.can_change and (pinned or len(self._pins.held) < self._pins.most))
        toggle.triggered.connect(lambda: self.pin_toggled.emit(image))
        return menu

    def _open_menu(self, image: str, place: QPoint) -> None:
        self.menu_of(image).popup(place)

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
