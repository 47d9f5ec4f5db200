"""A block of small colour tiles, enlarged without smoothing, one of which can be picked by mouse or arrow keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.cell_grid import CellGrid
from alexnet_studio.studio.widgets.picture import image_of
from alexnet_studio.studio.widgets.tile_layout import laid_out

_GAP_PX = 2.0
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
        self._images: list[QImage] = []
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
        before = (len(self._images), self._tile_px)
        self._images = [image_of(tile) for tile in tiles]
        if len(tiles):
            self._tile_px = (tiles.shape[2], tiles.shape[1])
        if (len(self._images), self._tile_px) != before:
            self.updateGeometry()
        self.update()

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

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        grid = self.grid()
        grey = self._theme.colour("figure")
        for index, image in enumerate(self._images):
            x, y, width, height = grid.cell(index)
            # Neutral grey in light and dark: kernels are read against it.
            painter.fillRect(QRectF(x, y, width + 2 * _GAP_PX, height + 2 * _GAP_PX), grey)
            painter.drawImage(QRectF(x + _GAP_PX, y + _GAP_PX, width, height), image)
        if self._current is not None and self._current < len(self._images):
            self._paint_current(painter, grid, self._current)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.grid().cell_at(event.position().x() - _GAP_PX, event.position().y() - _GAP_PX)
        if index is not None and event.button() is Qt.MouseButton.LeftButton:
            self._pick(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self._images:
            super().keyPressEvent(event)
            return
        self._pick(0 if self._current is None else self.grid().moved(self._current, *step))

    def _pick(self, index: int) -> None:
        self.set_current(index)
        self.picked.emit(index)

    def _grid_for(self, width: int) -> CellGrid:
        return laid_out(
            len(self._images), self._tile_px, width - 2 * _GAP_PX, _GAP_PX, self.devicePixelRatioF()
        )

    def _paint_current(self, painter: QPainter, grid: CellGrid, index: int) -> None:
        x, y, width, height = grid.cell(index)
        ring = QRectF(x, y, width + 2 * _GAP_PX, height + 2 * _GAP_PX)
        # Two lines, so that it is seen on every colour of tile.
        painter.setPen(QPen(self._theme.colour("raised"), 4))
        painter.drawRect(ring)
        painter.setPen(QPen(self._theme.colour("accent"), 3 if self.hasFocus() else 2))
        painter.drawRect(ring)
