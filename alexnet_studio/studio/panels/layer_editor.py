"""The editor of the network: the selected layer's fields, and what can be done to the row of layers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from alexnet_studio.studio.panels.layer_cell import LayerCell
from alexnet_studio.studio.panels.layer_texts import kind_text, switch_texts
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.architecture import EditorView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.column_scroll import ColumnScroll
from alexnet_studio.studio.widgets.in_a_row import in_a_row
from alexnet_studio.studio.widgets.plain_label import PlainLabel

_COLUMNS = 4
_LEAST_PX = 96


class LayerEditor(QWidget):
    """`edited` carries layer, field and value; `intent` the name of an action of the window."""

    edited = Signal(str, str, object)
    added = Signal(str)
    removed = Signal()
    moved = Signal(int)
    switched = Signal(str)
    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = EditorView()
        self.cells: dict[str, LayerCell] = {}
        self.hint = PlainLabel(theme, "quiet")
        self.hint.set_text(
            QCoreApplication.translate("Layers", "Click a layer in the table or in the drawing to change it.")
        )
        self.add = Chooser(QCoreApplication.translate("Layers", "Add a layer"), 12)
        self.add.setPlaceholderText(QCoreApplication.translate("Layers", "Add a layer"))
        self.add.chosen.connect(self._on_added)
        self.switch = Chooser(QCoreApplication.translate("Layers", "Switch"), 12)
        self.switch.setPlaceholderText(QCoreApplication.translate("Layers", "Whole network"))
        self.switch.chosen.connect(self._on_switched)
        self.remove = self._made_button(QCoreApplication.translate("Layers", "Remove"), self.removed.emit)
        self.up = self._made_button(QCoreApplication.translate("Layers", "Up"), partial(self.moved.emit, -1))
        self.down = self._made_button(
            QCoreApplication.translate("Layers", "Down"), partial(self.moved.emit, 1)
        )
        self.freeze = self._made_button(
            QCoreApplication.translate("Layers", "Freeze to here"), partial(self.intent.emit, "freeze_layers")
        )
        self.freeze.setToolTip(
            QCoreApplication.translate(
                "Layers", "This layer and all before it do not learn: their rates are 0."
            )
        )
        self.thaw = self._made_button(
            QCoreApplication.translate("Layers", "Thaw all"), partial(self.intent.emit, "thaw_layers")
        )
        self.undo = self._made_button(
            QCoreApplication.translate("Layers", "Undo"), partial(self.intent.emit, "undo_edit")
        )
        self.redo = self._made_button(
            QCoreApplication.translate("Layers", "Redo"), partial(self.intent.emit, "redo_edit")
        )
        self.open = self._made_button(
            QCoreApplication.translate("Layers", "Open file…"), partial(self.intent.emit, "open_network")
        )
        self.save = self._made_button(
            QCoreApplication.translate("Layers", "Save file…"), partial(self.intent.emit, "save_network")
        )
        page = QWidget()
        self._grid = QGridLayout(page)
        self._grid.setContentsMargins(0, 0, GRID_PX, 0)
        self._grid.setHorizontalSpacing(2 * GRID_PX)
        self._grid.setVerticalSpacing(GRID_PX // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(in_a_row(self.add, self.remove, self.up, self.down, self.undo, self.redo))
        column.addLayout(in_a_row(self.switch, self.freeze, self.thaw, self.open, self.save))
        column.addWidget(self.hint)
        # The fields of a convolution are more than a small window has room for.
        scroll = ColumnScroll(page)
        scroll.setMinimumHeight(_LEAST_PX)
        column.addWidget(scroll, 1)
        self.show_view(EditorView())

    def show_view(self, view: EditorView) -> None:
        before, self._view = self._view, view
        self.setEnabled(view.enabled)
        self.add.show_choices(tuple((kind, kind_text(kind)) for kind in view.kinds), "")
        self.switch.show_choices(switch_texts(), "")
        for button in (self.remove, self.up, self.down, self.freeze):
            button.setEnabled(bool(view.layer))
        self.undo.setEnabled(view.can_undo)
        self.redo.setEnabled(view.can_redo)
        self.hint.setVisible(not view.layer)
        if [(one.name, one.kind) for one in view.fields] != [(one.name, one.kind) for one in before.fields]:
            self._build_cells(view)
        for field in view.fields:
            self.cells[field.name].show_view(field)

    def _build_cells(self, view: EditorView) -> None:
        for cell in self.cells.values():
            self._grid.removeWidget(cell)
            cell.hide()
            cell.deleteLater()
        self.cells = {}
        for position, field in enumerate(view.fields):
            cell = LayerCell(self._theme, field)
            cell.edited.connect(self._on_edited)
            self.cells[field.name] = cell
            self._grid.addWidget(cell, position // _COLUMNS, position % _COLUMNS)

    def _on_edited(self, field: str, value: object) -> None:
        self.edited.emit(self._view.layer, field, value)

    def _on_added(self, kind: str) -> None:
        self.added.emit(kind)

    def _on_switched(self, switch: str) -> None:
        self.switched.emit(switch)

    def _made_button(self, text: str, act: Callable[[], None]) -> Button:
        return Button(self._theme, text, on_click=act)
