"""Many small grey maps in rows, of which a place can be picked; only what is visible is painted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.cell_grid import CellGrid

_GAP_PX = 2.0
_SMALLEST_PX, _LARGEST_PX = 36, 112
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class MapGrid(QAbstractScrollArea):
    """`picked` carries a map's number from 0 with the row and column of the value that was clicked; an arrow key goes
    to another map, with row -1.
    """

    picked = Signal(int, int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        # All maps in one image, below each other: one image is made for a layer, not hundreds.
        self._column = QImage()
        self._count = 0
        self._rows, self._columns = 1, 1
        self._cell: tuple[int, int, int] | None = None
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._repaint)
        theme.changed.connect(self._repaint)

    def set_maps(self, maps: NDArray[np.uint8]) -> None:
        """(n, rows, columns)"""
        count, rows, columns = maps.shape
        self._count, self._rows, self._columns = count, rows, columns
        stacked = np.ascontiguousarray(maps.reshape(count * rows, columns))
        self._column = QImage(
            stacked.data, columns, count * rows, columns, QImage.Format.Format_Grayscale8
        ).copy()
        self._measure()
        self._repaint()

    def set_cell(self, cell: tuple[int, int, int] | None) -> None:
        """The map that is ringed and the row and column of it that are."""
        if cell == self._cell:
            return
        before, self._cell = self._cell, cell
        if cell is not None and (before is None or before[0] != cell[0]):
            self._scroll_to(cell[0])
        self._repaint()

    def count(self) -> int:
        return self._count

    def geometry_now(self) -> CellGrid:
        """Tiles as large as lets all be seen at once, within bounds."""
        width, height = self.viewport().width(), self.viewport().height()
        columns, side = 1, 1.0
        for columns in range(1, max(2, width // _SMALLEST_PX)):
            side = max(1.0, min(_LARGEST_PX, (width + _GAP_PX) / columns - _GAP_PX))
            rows = -(-self._count // columns)
            if rows * (self._high_px(side) + _GAP_PX) - _GAP_PX <= height:
                break
        return CellGrid(self._count, columns, side, self._high_px(side), _GAP_PX, _GAP_PX)

    def cell_at(self, x: float, y: float) -> tuple[int, int, int] | None:
        """What is under a point of the viewport."""
        grid, down = self.geometry_now(), y + self.verticalScrollBar().value()
        index = grid.cell_at(x, down)
        if index is None:
            return None
        left, top, width, height = grid.cell(index)
        row = min(self._rows - 1, int((down - top) / height * self._rows))
        column = min(self._columns - 1, int((x - left) / width * self._columns))
        return index, row, column

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 96)

    def sizeHint(self) -> QSize:
        return QSize(400, 300)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        shift = self.verticalScrollBar().value()
        grid = self.geometry_now()
        # Enlarged values are squares; maps larger than their tile are smoothed.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, self._columns > grid.cell_width)
        seen = event.rect()
        for index in grid.visible(seen.top() + shift, seen.bottom() + shift):
            x, y, width, height = grid.cell(index)
            source = QRectF(0, index * self._rows, self._columns, self._rows)
            painter.drawImage(QRectF(x, y - shift, width, height), self._column, source)
        if self._cell is not None and self._cell[0] < self._count:
            self._paint_cell(painter, grid, shift, *self._cell)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().x(), event.position().y())
        if cell is not None and event.button() is Qt.MouseButton.LeftButton:
            self.set_cell(cell)
            self.picked.emit(*cell)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()  # as its press was

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None or not self._count:
            super().keyPressEvent(event)
            return
        self.picked.emit(0 if self._cell is None else self.geometry_now().moved(self._cell[0], *step), -1, -1)

    def _high_px(self, side: float) -> float:
        return max(4.0, side * self._rows / self._columns)

    def _paint_cell(
        self, painter: QPainter, grid: CellGrid, shift: int, index: int, row: int, column: int
    ) -> None:
        x, y, width, height = grid.cell(index)
        ring = QRectF(x, y - shift, width, height)
        across, down = width / self._columns, height / self._rows
        value = QRectF(x + column * across, y - shift + row * down, max(2.0, across), max(2.0, down))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # Two lines, so that it is seen on every grey.
        for rectangle, thick in ((ring, 3 if self.hasFocus() else 2), (value, 1)):
            painter.setPen(QPen(self._theme.colour("raised"), thick + 2))
            painter.drawRect(rectangle)
            painter.setPen(QPen(self._theme.colour("accent"), thick))
            painter.drawRect(rectangle)

    def _scroll_to(self, index: int) -> None:
        if index < self._count:
            _, y, _, height = self.geometry_now().cell(index)
            bar = self.verticalScrollBar()
            bar.setValue(int(min(max(bar.value(), y + height - self.viewport().height()), y)))

    def _measure(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, int(self.geometry_now().height - self.viewport().height() + 0.999)))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(_SMALLEST_PX)

    def _repaint(self) -> None:
        self.viewport().update()
