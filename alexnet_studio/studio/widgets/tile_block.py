"""A block of small colour tiles, enlarged without smoothing, one of which can be picked by mouse or arrow keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.cell_grid import CellGrid
from alexnet_studio.studio.widgets.picture import image_of
from alexnet_studio.studio.widgets.tile_layout import laid_out

_GAP_PX = 2.0
_MARK_PX = 12.0
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class TileBlock(QWidget):
    """`picked` carries a tile's place in the block, from 0."""

    picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        # All tiles in one image, below each other: one image is made for a block, not hundreds.
        self._column = QImage()
        self._count = 0
        self._marks: tuple[str, ...] = ()
        self._ground = "figure"
        self._tile_px = (1, 1)  # width, height of a tile in its own pixels
        self._current: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Not fixed: that would hold it at the height of its hint, whatever the width asks for.
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def set_tiles(self, tiles: NDArray[np.uint8]) -> None:
        """(n, height, width, 3) or (n, height, width)."""
        before = (self._count, self._tile_px)
        self._count = len(tiles)
        if self._count:
            self._tile_px = (tiles.shape[2], tiles.shape[1])
            self._column = image_of(tiles.reshape(-1, *tiles.shape[2:]))
        if (self._count, self._tile_px) != before:
            self.updateGeometry()
        self.update()

    def set_ground(self, colour: str) -> None:
        """A field of `Colours`, seen between the tiles."""
        if colour != self._ground:
            self._ground = colour
            self.update()

    def set_marks(self, marks: tuple[str, ...]) -> None:
        """For each tile a letter in its corner, or none."""
        if marks != self._marks:
            self._marks = marks
            self.update()

    def marks(self) -> tuple[str, ...]:
        return self._marks

    def set_current(self, index: int | None) -> None:
        if index != self._current:
            self._current = index
            self.update()

    def current(self) -> int | None:
        return self._current

    def grid(self) -> CellGrid:
        return self._grid_for(self.width())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return int(np.ceil(self._grid_for(width).height + 2 * _GAP_PX))

    def sizeHint(self) -> QSize:
        return QSize(360, self.heightForWidth(max(self.width(), 120)))

    def minimumSizeHint(self) -> QSize:
        return QSize(96, 24)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        grid = self.grid()
        seen = event.rect()
        visible = grid.visible(seen.top() - 2 * _GAP_PX, seen.bottom() + 1.0)
        self._paint_ground(painter, grid, visible)
        across, down = self._tile_px
        side = min(_MARK_PX, grid.cell_width / 2)
        badges = {letter: self._made_badge(letter, side) for letter in sorted({*self._marks} - {""})}
        for index in visible:
            x, y, width, height = grid.cell(index)
            cell = QRectF(x + _GAP_PX, y + _GAP_PX, width, height)
            painter.drawImage(cell, self._column, QRectF(0, index * down, across, down))
            if index < len(self._marks) and self._marks[index]:
                # In the lower right corner.
                at = QPointF(cell.right() - side, cell.bottom() - side)
                painter.drawPixmap(at, badges[self._marks[index]])
        if self._current is not None and self._current < self._count:
            self._paint_current(painter, grid, self._current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.grid().cell_at(event.position().x() - _GAP_PX, event.position().y() - _GAP_PX)
        if index is not None and event.button() is Qt.MouseButton.LeftButton:
            self._pick(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self._count:
            super().keyPressEvent(event)
            return
        self._pick(0 if self._current is None else self.grid().moved(self._current, *step))

    def _pick(self, index: int) -> None:
        self.set_current(index)
        self.picked.emit(index)

    def _grid_for(self, width: int) -> CellGrid:
        return laid_out(self._count, self._tile_px, width - 2 * _GAP_PX, _GAP_PX, self.devicePixelRatioF())

    def _paint_ground(self, painter: QPainter, grid: CellGrid, cells: range) -> None:
        """Neutral grey in light and dark: kernels are read against it. A row at a time, the last as far as it goes."""
        ground = self._theme.colour(self._ground)
        for first in cells[:: grid.columns]:
            _, y, width, height = grid.cell(first)
            held = min(grid.columns, self._count - first)
            long = held * (width + grid.gap_x) - grid.gap_x
            painter.fillRect(QRectF(0, y, long + 2 * _GAP_PX, height + 2 * _GAP_PX), ground)

    def _made_badge(self, letter: str, side: float) -> QPixmap:
        """On a ground of its own, so that it is read on every tile. Copied to each: letters are slow to write."""
        ratio = self.devicePixelRatioF()
        badge = QPixmap(max(1, round(side * ratio)), max(1, round(side * ratio)))
        badge.setDevicePixelRatio(ratio)
        badge.fill(self._theme.colour("raised"))
        painter = QPainter(badge)
        font = self._theme.font()
        font.setPixelSize(max(6, round(side)))
        painter.setFont(font)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(QRectF(0, 0, side, side), Qt.AlignmentFlag.AlignCenter, letter)
        painter.end()
        return badge

    def _paint_current(self, painter: QPainter, grid: CellGrid, index: int) -> None:
        x, y, width, height = grid.cell(index)
        ring = QRectF(x, y, width + 2 * _GAP_PX, height + 2 * _GAP_PX)
        # Two lines, so that it is seen on every colour of tile.
        painter.setPen(QPen(self._theme.colour("raised"), 4))
        painter.drawRect(ring)
        painter.setPen(QPen(self._theme.colour("accent"), 3 if self.hasFocus() else 2))
        painter.drawRect(ring)
