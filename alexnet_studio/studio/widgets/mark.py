"""A tick or a cross: agreement in a shape, not in a colour alone."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from alexnet_studio.studio.theme import Theme

_TICK = ((0.10, 0.55), (0.38, 0.82), (0.92, 0.20))
_REACH_PX = 8.0


class Mark(Enum):
    NONE = ""
    YES = "✓"
    NO = "✕"


def mark_of(agrees: bool | None) -> Mark:
    return Mark.NONE if agrees is None else Mark.YES if agrees else Mark.NO


def paint_mark(painter: QPainter, cell: QRectF, mark: Mark, theme: Theme) -> None:
    """Drawn, because not every font has the signs; 8 pixels, in the middle of `cell`'s height."""
    if mark is Mark.NONE:
        return
    top = cell.y() + (cell.height() - _REACH_PX) / 2
    at = QRectF(cell.x(), top, _REACH_PX, _REACH_PX)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme.colour("good" if mark is Mark.YES else "bad"), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    if mark is Mark.YES:
        points = [QPointF(at.x() + x * at.width(), at.y() + y * at.height()) for x, y in _TICK]
        painter.drawPolyline(QPolygonF(points))
    else:
        inner = at.adjusted(0.8, 0.8, -0.8, -0.8)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.bottomLeft(), inner.topRight())
    painter.restore()
