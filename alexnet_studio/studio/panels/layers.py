"""The Layers panel: one image in all layers, and what a unit of them sees and looks for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.unit_detail import UnitDetail
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.layers import LayersView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.column_scroll import ColumnScroll
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.field_picture import FieldPicture
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.map_grid import MapGrid
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.seen import Seen
from alexnet_studio.studio.widgets.stage import Stage
from alexnet_studio.studio.widgets.unit_bars import UnitBars

_IMAGE_PX, _ANSWERS_PX = 144, 152


class LayersPanel(QWidget):
    """`opened` tells whether it is seen: only then anything is computed for it. `place_picked` carries a layer with a
    row and a column of its maps; units count from 1 in the selection.
    """

    intent = Signal(str)
    selection_changed = Signal(object)
    opened = Signal(bool)
    place_picked = Signal(str, int, int)
    look_picked = Signal(str)
    method_picked = Signal(str)
    class_picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = LayersView()
        self._drawn = (-1, "")
        Seen(self, self.opened.emit)
        self.title = ElidedLabel(theme, "quiet")
        self.layer = Chooser(QCoreApplication.translate("FeatureMaps", "Layer"), 7)
        self.look = Chooser(QCoreApplication.translate("FeatureMaps", "Scale of the maps"), 8)
        self.method = Chooser(QCoreApplication.translate("FeatureMaps", "What is shown of the image"), 8)
        self.label = Chooser(QCoreApplication.translate("FeatureMaps", "Class"), 8)
        self.gather = Button(
            theme,
            QCoreApplication.translate("FeatureMaps", "Gather patches"),
            icon="index",
            on_click=lambda: self.intent.emit("gather_patches"),
        )
        self.choose = Button(
            theme,
            QCoreApplication.translate("FeatureMaps", "Choose image…"),
            icon="image",
            on_click=lambda: self.intent.emit("choose_layers_image"),
        )
        self.note = PlainLabel(theme, "quiet", delta=-0.5)
        self.image = FieldPicture(theme, _IMAGE_PX)
        self.image.setAccessibleName(
            QCoreApplication.translate("FeatureMaps", "The image as the network sees it")
        )
        self.verdict = PlainLabel(theme, "text")
        self.unit = UnitDetail(theme)
        self.maps = MapGrid(theme)
        self.bars = UnitBars(theme)
        for widget in (self.maps, self.bars):
            widget.setAccessibleName(QCoreApplication.translate("FeatureMaps", "Units of the layer"))
        self._answers = QStackedWidget()
        self._answers.setMinimumHeight(_ANSWERS_PX)
        self._answers.addWidget(self.maps)
        self._answers.addWidget(self.bars)
        self.stage = Stage(theme, self._made_content())
        self.stage.intent.connect(self.intent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)
        self._join()

    def show_view(self, view: LayersView) -> None:
        self._view = view
        self.stage.show_empty(view.empty)
        if view.empty is not None:
            return
        self.title.set_text(view.title)
        self.note.set_text(view.note)
        self.layer.show_choices(view.layers, view.layer)
        self.look.setEnabled(bool(view.looks))
        if view.looks:
            self.look.show_choices(view.looks, view.look)
        self.method.show_choices(view.methods, view.method)
        self.label.setVisible(bool(view.classes))
        self.label.show_choices(view.classes, view.label)
        self.gather.set_state(enabled=view.gather.enabled, text=view.gather.text, tip=view.gather.tip)
        self.verdict.set_text(view.verdict)
        self.image.show_picture(view.image, view.sees)
        self._show_answers(view)
        self.unit.show_view(view.unit, view.pooled)

    def _join(self) -> None:
        self.layer.chosen.connect(self._on_layer_chosen)
        self.look.chosen.connect(self.look_picked)
        self.method.chosen.connect(self.method_picked)
        self.label.chosen.connect(self.class_picked)
        self.maps.picked.connect(self._on_place_picked)
        self.bars.picked.connect(self._select)

    def _made_content(self) -> QWidget:
        tools = FlowLayout(GRID_PX)
        for widget in (self.layer, self.look, self.method, self.label, self.gather, self.choose):
            tools.addWidget(widget)
        beside = QVBoxLayout()
        beside.setSpacing(GRID_PX // 2)
        beside.addWidget(self.verdict)
        beside.addWidget(self.unit.head)
        beside.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(2 * GRID_PX)
        top.addWidget(self.image, 0)
        top.addLayout(beside, 1)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.title)
        column.addLayout(tools)
        column.addWidget(self.note)
        column.addLayout(top)
        column.addWidget(self._answers, 1)
        column.addWidget(self.unit)
        return ColumnScroll(content)

    def _show_answers(self, view: LayersView) -> None:
        drawn = (view.version, view.layer)
        if drawn != self._drawn:
            self._drawn = drawn
            if view.tiles is not None:
                self.maps.set_maps(view.tiles)
            elif view.bars is not None:
                self.bars.set_values(np.asarray(view.bars))
        self._answers.setCurrentWidget(self.bars if view.tiles is None else self.maps)
        cell = None if view.unit is None else view.unit.cell
        self.maps.set_cell(cell)
        self.bars.set_current(None if cell is None else cell[0])

    def _on_layer_chosen(self, layer: str) -> None:
        self.selection_changed.emit(replace(self._view.selection, layer=layer, kernel=None))

    def _on_place_picked(self, unit: int, row: int, column: int) -> None:
        self.place_picked.emit(self._view.layer, row, column)
        self._select(unit)

    def _select(self, unit: int) -> None:
        self.selection_changed.emit(replace(self._view.selection, layer=self._view.layer, kernel=unit + 1))
