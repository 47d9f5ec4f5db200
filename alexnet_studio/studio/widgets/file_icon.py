"""A sheet of paper with a folded corner, which says what kind of file it stands for."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from alexnet_studio.studio.theme import Theme

_FOLD = 0.28  # of the width


def paint_file(painter: QPainter, cell: QRectF, kind: str, theme: Theme) -> None:
    """`kind` is a few letters, made to fit."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    sheet = QRectF(cell.x() + cell.width() * 0.12, cell.y() + 1, cell.width() * 0.76, cell.height() - 2)
    fold = sheet.width() * _FOLD
    corner = sheet.topRight()
    before, after = corner - QPointF(fold, 0), corner + QPointF(0, fold)
    outline = QPolygonF([sheet.topLeft(), before, after, sheet.bottomRight(), sheet.bottomLeft()])
    painter.setPen(QPen(theme.colour("faint"), 1))
    painter.setBrush(theme.colour("sunken"))
    painter.drawPolygon(outline)
    painter.drawPolyline([before, before + QPointF(0, fold), after])
    painter.setPen(theme.colour("quiet"))
    painter.setFont(theme.font(-3.0))
    below = sheet.adjusted(1, fold, -1, 0)
    shown = painter.fontMetrics().elidedText(kind, Qt.TextElideMode.ElideRight, int(below.width()))
    painter.drawText(below, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, shown)
    painter.restore()
