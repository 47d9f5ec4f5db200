"""Images of an evaluation in a grid, and of the one that is picked its five bars and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.label_tools import LabelTools
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.evaluation import ListView
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.widgets.bars import Bar, Bars
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.image_grid import ImageGrid

_GRID_PX = 100  # one row of pictures with what stands below them


class EvaluatedImages(QWidget):
    """`kind_picked` is what shall be listed, `label_picked` another class for the picked image."""

    intent = Signal(str)
    kind_picked = Signal(str)
    label_picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._version = -1
        self.filter = Chooser(QCoreApplication.translate("Evaluation", "Images that are listed"), letters=16)
        self.filter.chosen.connect(self._on_chosen)
        self.found = ElidedLabel(theme, "quiet", delta=-0.5)
        self.grid = ImageGrid(theme)
        self.grid.setAccessibleName(QCoreApplication.translate("Evaluation", "Images"))
        self.title = ElidedLabel(theme, "quiet", delta=-0.5)
        self.bars = Bars(theme)
        self.labels = LabelTools(theme)
        self.labels.label_picked.connect(self.label_picked)
        self.labels.intent.connect(self.intent)
        self._lay_out()

    def show_view(self, view: ListView, image: str | None) -> None:
        self.filter.show_choices(view.filters, view.filter)
        self.found.set_text(view.found)
        if view.version != self._version:
            self._version = view.version
            self.grid.set_keys(view.images, view.captions)
        self.grid.set_current(image)
        self.title.set_text(view.title)
        self.bars.set_bars(tuple(Bar(b.name, b.share, b.text, b.right) for b in view.bars))
        self.picked.setVisible(bool(view.title))
        self.labels.show_view(view.editing)

    def set_thumbnail(self, path: str, pixels: Pixels) -> None:
        self.grid.set_pixels(path, pixels)

    def _on_chosen(self, kind: str) -> None:
        if kind:  # the cell of the matrix is listed already
            self.kind_picked.emit(kind)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID_PX)
        top.addWidget(self.filter)
        top.addWidget(self.found, 1)
        self.grid.setMinimumHeight(_GRID_PX)
        tools = QHBoxLayout()
        tools.setSpacing(GRID_PX)
        tools.addWidget(self.title, 1)
        tools.addWidget(self.labels)
        self.picked = QWidget()
        beside = QVBoxLayout(self.picked)
        beside.setContentsMargins(0, 0, 0, 0)
        beside.setSpacing(GRID_PX // 2)
        beside.addLayout(tools)
        beside.addWidget(self.bars)
        self.picked.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self.grid, 1)
        column.addWidget(self.picked)
