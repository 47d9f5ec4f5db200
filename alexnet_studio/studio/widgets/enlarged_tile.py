"""One tile shown large; the value under the mouse, or at the cell chosen by arrow keys, is written below it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.picture import image_of

_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class EnlargedTile(QWidget):
    def __init__(self, theme: Theme, side_px: int = 176, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side_px
        self._image: QImage | None = None
        self._values: NDArray[np.float32] = np.zeros((1, 1, 1), np.float32)
        self._cell: tuple[int, int] | None = None  # column, row
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_side(self, side_px: int) -> None:
        if side_px != self._side:
            self._side = side_px
            self.updateGeometry()

    def set_tile(self, tile: NDArray[np.uint8], values: NDArray[np.float32]) -> None:
        """`tile` (height, width, 3) is painted, `values` (channels, height, width) are read."""
        self._image = image_of(tile)
        self._values = values
        if self._cell is not None and (self._cell[0] >= values.shape[2] or self._cell[1] >= values.shape[1]):
            self._cell = None
        self.update()

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """Column and row of the tile's own pixel under a point."""
        height, width = self._values.shape[1:]
        if not (0 <= x < self._side and 0 <= y < self._side):
            return None
        return int(x * width / self._side), int(y * height / self._side)

    def text_at(self, cell: tuple[int, int]) -> str:
        column, row = cell
        numbers = "  ".join(f"{value:+.3f}" for value in self._values[:, row, column])
        return f"{column + 1}, {row + 1}:  {numbers}".replace("-", "−")

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side + self._line_px())

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        area = QRectF(0, 0, self._side, self._side)
        painter.fillRect(area, self._theme.colour("figure"))
        painter.drawImage(area, self._image)
        if self._cell is not None:
            self._paint_cell(painter, self._cell)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._show(self.cell_at(event.position().x(), event.position().y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        column, row = self._cell or (0, 0)
        height, width = self._values.shape[1:]
        self._show((min(max(column + step[0], 0), width - 1), min(max(row + step[1], 0), height - 1)))

    def _show(self, cell: tuple[int, int] | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.update()

    def _paint_cell(self, painter: QPainter, cell: tuple[int, int]) -> None:
        height, width = self._values.shape[1:]
        across, down = self._side / width, self._side / height
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        painter.drawRect(QRectF(cell[0] * across, cell[1] * down, across, down))
        painter.setFont(self._theme.font(-1.0))
        painter.setPen(self._theme.colour("quiet"))
        line = QRectF(0, self._side + 2, self.width(), self._line_px() - 2)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, self.text_at(cell))

    def _line_px(self) -> int:
        return QFontMetrics(self._theme.font(-1.0)).height() + GRID_PX // 2
