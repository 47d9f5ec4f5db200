"""The Kernels panel: a convolution's kernels by tower, the first one's live and as a film, and one shown large."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.kernel_detail import KernelDetailView
from alexnet_studio.studio.panels.kernel_film import KernelFilm
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.kernels import KernelsView, TowerView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.column_scroll import ColumnScroll
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.stage import Stage
from alexnet_studio.studio.widgets.tile_block import TileBlock


class KernelsPanel(QWidget):
    """Kernels count from 1 through all towers, in the captions and in the selection."""

    intent = Signal(str)
    selection_changed = Signal(object)
    normalisation_picked = Signal(str)
    order_picked = Signal(str)
    look_picked = Signal(str)
    layer_picked = Signal(str)
    frame_picked = Signal(int)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = KernelsView()
        self._drawn = -1
        self.title = ElidedLabel(theme, "quiet")
        self.layer = Chooser(QCoreApplication.translate("Kernels", "Layer"), 6)
        self.normalisation = Chooser(QCoreApplication.translate("Kernels", "Normalisation"), 8)
        self.order = Chooser(QCoreApplication.translate("Kernels", "Order"), 8)
        self.look = Chooser(QCoreApplication.translate("Kernels", "What is drawn of each kernel"), 10)
        for chooser, picked in (
            (self.layer, self.layer_picked),
            (self.normalisation, self.normalisation_picked),
            (self.order, self.order_picked),
            (self.look, self.look_picked),
        ):
            chooser.chosen.connect(picked)
        self.film = KernelFilm(theme)
        self.film.frame_picked.connect(self.frame_picked)
        self.film.intent.connect(self.intent)
        self.blocks: list[TileBlock] = []
        self.titles: list[ElidedLabel] = []
        self.figure = QWidget()
        self._towers = QVBoxLayout(self.figure)
        self._towers.setContentsMargins(0, 0, 0, 0)
        self._towers.setSpacing(GRID_PX // 2)
        self._actions = FigureActions(self.figure, ("png", "svg", "pdf"), self._save)
        self.legend = PlainLabel(theme, "quiet", delta=-0.5)
        self.firing = Button(theme, role="quiet", on_click=lambda: self.intent.emit("count_firing"))
        self.definition = PlainLabel(theme, "quiet", delta=-0.5)
        self.detail = KernelDetailView(theme)
        self.detail.intent.connect(self.intent)
        self.stage = Stage(theme, self._made_content())
        self.stage.intent.connect(self.intent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)

    def show_view(self, view: KernelsView) -> None:
        self._view = view
        self.stage.show_empty(view.empty)
        self.title.set_text(view.title)
        self.layer.show_choices(tuple((name, name) for name in view.layers), view.layer)
        self.normalisation.show_choices(_normalisations(), view.normalisation)
        self.order.show_choices(_orders(), view.order)
        self.look.show_choices(_looks(), view.look)
        self.look.setVisible(bool(view.look))
        self.film.show_view(view)
        if view.version != self._drawn or len(view.towers) != len(self.blocks):
            self._drawn = view.version
            self._show_towers(view.towers)
        self._show_marks(view.towers)
        selected = view.selection
        # A unit of another layer, which the Layers panel selects, is no kernel of this one.
        own = selected.layer in {None, view.layer} or not view.layer
        self._show_current(selected.kernel if own else None)
        self.legend.set_text(view.legend)
        self.firing.set_state(enabled=view.firing.enabled, text=view.firing.text, tip=view.firing.tip)
        self._show_definition(view)
        self.detail.show_view(view.detail)

    def copy(self) -> None:
        self._actions.copy()

    def _made_content(self) -> QWidget:
        choosers = QWidget()
        row = FlowLayout(GRID_PX, choosers)
        for chooser in (self.layer, self.normalisation, self.order, self.look):
            row.addWidget(chooser)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.title)
        column.addWidget(choosers)
        column.addWidget(self.film)
        column.addWidget(self._made_page(), 1)
        return content

    def _made_page(self) -> QScrollArea:
        below = QHBoxLayout()
        below.setSpacing(GRID_PX)
        below.addWidget(self.legend, 1)
        below.addStretch(0)
        below.addWidget(self.firing, 0, Qt.AlignmentFlag.AlignTop)
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, GRID_PX, 0)
        inner.setSpacing(2 * GRID_PX)
        inner.addWidget(self.figure)
        inner.addLayout(below)
        inner.addWidget(self.detail)
        inner.addWidget(self.definition)
        inner.addStretch(1)
        return ColumnScroll(page)

    def _show_definition(self, view: KernelsView) -> None:
        apart = view.apart
        lines = () if apart is None else (apart.seeds, apart.definition)
        self.definition.set_text("\n".join(line for line in lines if line))

    def _show_marks(self, towers: tuple[TowerView, ...]) -> None:
        for block, tower in zip(self.blocks, towers, strict=False):
            block.set_marks(tower.marks)

    def _show_towers(self, towers: tuple[TowerView, ...]) -> None:
        while len(self.blocks) < len(towers):
            self._add_block(len(self.blocks))
        for index, (title, block) in enumerate(zip(self.titles, self.blocks, strict=True)):
            shown = index < len(towers)
            title.setVisible(shown)
            block.setVisible(shown)
            if shown:
                title.set_text(towers[index].title)
                title.setVisible(bool(towers[index].title))
                block.setAccessibleName(towers[index].title)
                # Grey patterns would run into a grey ground.
                block.set_ground("raised" if self._view.look else "figure")
                block.set_tiles(towers[index].tiles)

    def _add_block(self, place: int) -> None:
        title = ElidedLabel(self._theme, "quiet", delta=-0.5)
        block = TileBlock(self._theme)
        block.picked.connect(partial(self._on_tile_picked, place))
        block.installEventFilter(self._actions)
        if place:
            self._towers.addSpacing(GRID_PX)
        self._towers.addWidget(title)
        self._towers.addWidget(block)
        self.titles.append(title)
        self.blocks.append(block)

    def _show_current(self, kernel: int | None) -> None:
        for block, tower in zip(self.blocks, self._view.towers, strict=False):
            block.set_current(tower.numbers.index(kernel) if kernel in tower.numbers else None)

    def _on_tile_picked(self, place: int, tile: int) -> None:
        kernel = self._view.towers[place].numbers[tile]
        layer = self._view.layer or self._view.selection.layer
        self.selection_changed.emit(replace(self._view.selection, layer=layer, kernel=kernel))

    def _save(self, format_: str) -> None:
        self.export_requested.emit("kernels", format_)


def _normalisations() -> tuple[tuple[str, str], ...]:
    return (
        ("global", QCoreApplication.translate("Kernels", "one scale")),
        ("kernel", QCoreApplication.translate("Kernels", "own scale")),
        ("symmetric", QCoreApplication.translate("Kernels", "zero is grey")),
    )


def _orders() -> tuple[tuple[str, str], ...]:
    return (
        ("number", QCoreApplication.translate("Kernels", "by number")),
        ("colour", QCoreApplication.translate("Kernels", "by colour")),
        ("orientation", QCoreApplication.translate("Kernels", "by orientation")),
        ("frequency", QCoreApplication.translate("Kernels", "by frequency")),
        ("norm", QCoreApplication.translate("Kernels", "by norm")),
    )


def _looks() -> tuple[tuple[str, str], ...]:
    return (
        ("pattern", QCoreApplication.translate("Kernels", "main pattern")),
        ("channels", QCoreApplication.translate("Kernels", "every channel")),
    )
