"""A square chart of shares: bars against a diagonal, or a falling curve with a point on it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme

_TICKS = (0.0, 0.5, 1.0)


class ShareChart(QWidget):
    """Both axes go from 0 to 100 %; `above` and `below` are their captions."""

    def __init__(self, theme: Theme, above: str, below: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._above, self._below = above, below
        self._bins: tuple[tuple[float, float, float | None], ...] = ()
        self._curve: tuple[tuple[float, float], ...] = ()
        self._point: tuple[float, float] | None = None
        self.setAccessibleName(f"{above} · {below}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def set_bins(self, bins: tuple[tuple[float, float, float | None], ...]) -> None:
        """(low, high, height or None); the diagonal is drawn across them."""
        self._bins = bins
        self.update()

    def set_curve(self, curve: tuple[tuple[float, float], ...], point: tuple[float, float] | None) -> None:
        self._curve, self._point = curve, point
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(220, 220)

    def minimumSizeHint(self) -> QSize:
        return QSize(110, 110)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(-1.0))
        area = self._area()
        self._paint_axes(painter, area)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent_weak"))
        for low, high, height in self._bins:
            if height is not None:
                corner, end = self._at(area, low, height), self._at(area, high, 0)
                painter.drawRect(
                    QRectF(corner.x() + 1, corner.y(), end.x() - corner.x() - 2, end.y() - corner.y())
                )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self._bins:
            painter.setPen(QPen(self._theme.colour("quiet"), 1, Qt.PenStyle.DashLine))
            painter.drawLine(self._at(area, 0, 0), self._at(area, 1, 1))
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        painter.drawPolyline(QPolygonF([self._at(area, x, y) for x, y in self._curve]))
        if self._point is not None:
            painter.setBrush(self._theme.colour("accent"))
            painter.drawEllipse(self._at(area, *self._point), 4, 4)

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        flat, line = Qt.TextFlag.TextSingleLine, self._line_px()
        metrics = painter.fontMetrics()
        for tick in _TICKS:
            y, x = self._at(area, 0, tick).y(), self._at(area, tick, 0).x()
            painter.setPen(QPen(self._theme.colour("grid"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(self._theme.colour("quiet"))
            text = f"{100 * tick:.0f} %"
            side = QRectF(0, y - line / 2, area.left() - GRID_PX / 2, line)
            painter.drawText(side, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | flat, text)
            if tick == 0:
                continue  # the side has it
            under = QRectF(x - 24, area.bottom() + 2, 48, line)
            painter.drawText(under, Qt.AlignmentFlag.AlignHCenter | flat, text)
        for text, top in ((self._above, 0.0), (self._below, area.bottom() + line + 2)):
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(QRectF(0, top, self.width(), line), Qt.AlignmentFlag.AlignLeft | flat, shown)

    def _area(self) -> QRectF:
        line = self._line_px()
        left = QFontMetrics(self._theme.font(-1.0)).horizontalAdvance("100 %") + GRID_PX
        wide = max(10.0, self.width() - left - 24)
        high = max(10.0, self.height() - 3 * line - GRID_PX - 4)
        return QRectF(left, line + GRID_PX, wide, high)

    def _at(self, area: QRectF, x: float, y: float) -> QPointF:
        return QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())

    def _line_px(self) -> int:
        return QFontMetrics(self._theme.font(-1.0)).height()
