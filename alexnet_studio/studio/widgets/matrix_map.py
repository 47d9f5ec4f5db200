"""A square matrix of counts as one picture, whatever its size: names and numbers where they fit, and tips."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from alexnet_studio.figures.matrix_shades import shades
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.picture import image_of

_NAMES = 0.32  # of the width at most
_STRONG = 0.35  # from this share on, a number is written light on its cell
_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class MatrixMap(QWidget):
    """`picked` carries a cell's row and column: a click, or Enter on the one that the arrow keys are on."""

    picked = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._cells: NDArray[np.int64] = np.zeros((0, 0), np.int64)
        self._names: tuple[str, ...] = ()
        self._image = QImage()
        self._current: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._forget)

    def set_matrix(self, cells: NDArray[np.int64], names: tuple[str, ...]) -> None:
        """`cells` (n, n): counts of the row's class that were taken for the column's."""
        self._cells, self._names, self._current = cells, names, None
        self._forget()

    def sizeHint(self) -> QSize:
        return QSize(360, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 110)

    def area(self) -> QRectF:
        """Where the cells lie."""
        left = self._names_px() + GRID_PX
        side = max(1.0, min(self.width() - left - 1, self.height() - self._line_px() - 1))
        return QRectF(left, 0, side, side)

    def cell_at(self, point: QPointF) -> tuple[int, int] | None:
        area, count = self.area(), len(self._cells)
        if not count or not area.contains(point):
            return None
        row = int((point.y() - area.y()) / area.height() * count)
        column = int((point.x() - area.x()) / area.width() * count)
        return min(row, count - 1), min(column, count - 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        count, area = len(self._cells), self.area()
        if not count:
            return
        # Few cells are drawn crisp; of a thousand classes several fall on a pixel, and are averaged.
        smooth = count > area.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        if self._image.isNull():
            # When it is seen: a thousand classes take 20 ms.
            colours = self._theme.colours
            self._image = image_of(shades(self._cells, colours.ground, colours.good, colours.bad))
        painter.drawImage(area, self._image)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawRect(area)
        painter.setFont(self._theme.font(-1.0))
        self._paint_names(painter, area)
        if area.width() / count >= 3 * GRID_PX:
            self._paint_counts(painter, area)
        if self._current is not None:
            step = area.width() / count
            row, column = self._current
            painter.setPen(QPen(self._theme.colour("text"), 2))
            painter.drawRect(QRectF(area.x() + column * step, area.y() + row * step, step, step))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position())
        if cell is not None and event.button() is Qt.MouseButton.LeftButton:
            self._pick(cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS and len(self._cells):
            row, column = self._current or (0, 0)
            down, right = _STEPS[key]
            last = len(self._cells) - 1
            self._current = (min(max(row + down, 0), last), min(max(column + right, 0), last))
            self.setAccessibleDescription(self._text(*self._current))
            self.update()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self._current is not None:
            self._pick(self._current)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            cell = self.cell_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if cell is None else plain_tip(self._text(*cell)), self)
            return True
        return super().event(event)

    def _pick(self, cell: tuple[int, int]) -> None:
        self._current = cell
        self.update()
        self.picked.emit(*cell)

    def _text(self, row: int, column: int) -> str:
        text = QCoreApplication.translate("Evaluation", "{truth} taken for {guess}: {n} of {total}")
        return text.format(
            truth=self._names[row],
            guess=self._names[column],
            n=f"{self._cells[row, column]:,}",
            total=f"{self._cells[row].sum():,}",
        )

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        painter.setPen(self._theme.colour("quiet"))
        below = QCoreApplication.translate("Evaluation", "columns: taken for, in the order of the rows")
        line = QRectF(0, area.bottom() + 2, self.width(), self._line_px())
        flat = Qt.TextFlag.TextSingleLine | Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        text = metrics.elidedText(below, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | flat, text)
        wide = self._names_px()
        if not wide:
            return
        painter.setPen(self._theme.colour("text"))
        step = area.height() / len(self._names)
        for row, name in enumerate(self._names):
            text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, wide)
            cell = QRectF(0, area.y() + row * step, wide, step)
            painter.drawText(cell, Qt.AlignmentFlag.AlignRight | flat, text)

    def _paint_counts(self, painter: QPainter, area: QRectF) -> None:
        step = area.width() / len(self._cells)
        totals = np.maximum(self._cells.sum(axis=1), 1)
        for row, column in np.argwhere(self._cells):
            share = self._cells[row, column] / totals[row]
            painter.setPen(self._theme.colour("ground" if share > _STRONG else "text"))
            cell = QRectF(area.x() + column * step, area.y() + row * step, step, step)
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, f"{self._cells[row, column]:,}")

    def _names_px(self) -> int:
        """Nothing where the rows are lower than a line."""
        metrics = QFontMetrics(self._theme.font(-1.0))
        room = self.height() - self._line_px()
        if not self._names or room / len(self._names) < metrics.height() - 4:
            return 0
        longest = max(metrics.horizontalAdvance(name) for name in self._names)
        return min(longest + 2, int(_NAMES * self.width()))

    def _line_px(self) -> int:
        return QFontMetrics(self._theme.font(-1.0)).height() + 3

    def _forget(self) -> None:
        self._image = QImage()
        self.update()
