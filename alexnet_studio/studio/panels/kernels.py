"""The Kernels panel: the first layer's kernels by tower, live, and one of them shown large."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSlider, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.kernel_detail import KernelDetailView
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views import KernelsView, TowerView
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.stage import Stage
from alexnet_studio.studio.widgets.tile_block import TileBlock


class KernelsPanel(QWidget):
    """Kernels count from 1 through all towers, in the captions and in the selection."""

    intent = Signal(str)
    selection_changed = Signal(object)
    normalisation_picked = Signal(str)
    frame_picked = Signal(int)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = KernelsView()
        self._drawn = -1
        self.title = ElidedLabel(theme, "quiet")
        self.normalisation = Chooser(QCoreApplication.translate("Kernels", "Normalisation"), 8)
        self.normalisation.chosen.connect(self.normalisation_picked)
        self.film = self._made_film()
        self.frame_text = ElidedLabel(theme, "quiet", delta=-0.5)
        self.blocks: list[TileBlock] = []
        self.titles: list[ElidedLabel] = []
        self.figure = QWidget()
        self._towers = QVBoxLayout(self.figure)
        self._towers.setContentsMargins(0, 0, 0, 0)
        self._towers.setSpacing(GRID_PX // 2)
        self._actions = FigureActions(self.figure, ("png", "svg", "pdf"), self._save)
        self.detail = KernelDetailView(theme)
        self.stage = Stage(theme, self._made_content())
        self.stage.intent.connect(self.intent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)

    def show_view(self, view: KernelsView) -> None:
        self._view = view
        self.stage.show_empty(view.empty)
        self.title.set_text(view.title)
        self.normalisation.show_choices(_normalisations(), view.normalisation)
        self._show_film(view)
        if view.version != self._drawn or len(view.towers) != len(self.blocks):
            self._drawn = view.version
            self._show_towers(view.towers)
        self._show_current(view.selection.kernel)
        self.detail.show_view(view.detail)

    def copy(self) -> None:
        self._actions.copy()

    def _made_film(self) -> QSlider:
        film = QSlider(Qt.Orientation.Horizontal)
        film.setAccessibleName(QCoreApplication.translate("Kernels", "Moment of the training"))
        film.valueChanged.connect(self.frame_picked)
        return film

    def _made_content(self) -> QWidget:
        top = QHBoxLayout()
        top.setSpacing(GRID_PX)
        top.addWidget(self.title, 1)
        top.addWidget(self.normalisation, 0)
        self._film_row = QWidget()
        film = QHBoxLayout(self._film_row)
        film.setContentsMargins(0, 0, 0, 0)
        film.setSpacing(GRID_PX)
        film.addWidget(self.film, 2)
        film.addWidget(self.frame_text, 1)
        page = QWidget()
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, GRID_PX, 0)
        inner.setSpacing(2 * GRID_PX)
        inner.addWidget(self.figure)
        inner.addWidget(self.detail)
        inner.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self._film_row)
        column.addWidget(scroll, 1)
        return content

    def _show_film(self, view: KernelsView) -> None:
        self._film_row.setVisible(view.frames > 0)
        with QSignalBlocker(self.film):
            self.film.setRange(0, max(0, view.frames - 1))
            self.film.setValue(view.frame)
        self.frame_text.set_text(view.frame_text)

    def _show_towers(self, towers: tuple[TowerView, ...]) -> None:
        while len(self.blocks) < len(towers):
            self._add_block(len(self.blocks))
        for index, (title, block) in enumerate(zip(self.titles, self.blocks, strict=True)):
            shown = index < len(towers)
            title.setVisible(shown)
            block.setVisible(shown)
            if shown:
                title.set_text(towers[index].title)
                block.setAccessibleName(towers[index].title)
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
            tile = -1 if kernel is None else kernel - tower.first
            block.set_current(tile if 0 <= tile < len(tower.tiles) else None)

    def _on_tile_picked(self, place: int, tile: int) -> None:
        kernel = self._view.towers[place].first + tile
        self.selection_changed.emit(replace(self._view.selection, kernel=kernel))

    def _save(self, format_: str) -> None:
        self.export_requested.emit("kernels", format_)


def _normalisations() -> tuple[tuple[str, str], ...]:
    return (
        ("global", QCoreApplication.translate("Kernels", "one scale")),
        ("kernel", QCoreApplication.translate("Kernels", "own scale")),
    )
