"""An activation function, its slope, and under them what a network gives it."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.networks.activation_curves import curve_of
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.example import ActivationView

_SIZE_PX = (220, 190)
_BARS_PX = 44
_POINTS = 160


class ActivationCurve(QWidget):
    """The curve is drawn solid, its slope dashed; bars stand on the same axis."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: ActivationView | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_view(self, view: ActivationView | None) -> None:
        if view != self._view:
            self._view = view
            self.update()
        self.setVisible(view is not None)

    def sizeHint(self) -> QSize:
        return QSize(*_SIZE_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        view = self._view
        if view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self.height() - (_BARS_PX if view.counts else 0) - 18
        plot = QRectF(6, 6, self.width() - 12, height - 6)
        value, slope = curve_of(view.function)
        xs = [-view.reach + 2 * view.reach * step / (_POINTS - 1) for step in range(_POINTS)]
        bounded = view.function in {"tanh", "sigmoid"}
        low, high = (-1.1, 1.1) if bounded else (-1.1, max(1.1, view.reach))
        self._axes(painter, plot, low, high, view.reach)
        for act, name, style in (
            (slope, "validation", Qt.PenStyle.DashLine),
            (value, "training", Qt.PenStyle.SolidLine),
        ):
            painter.setPen(QPen(self._theme.colour(name), 1.6, style))
            painter.drawPolyline(QPolygonF([_point(plot, x, act(x), view.reach, low, high) for x in xs]))
        if view.counts:
            self._bars(painter, plot, view.counts)

    def _axes(self, painter: QPainter, plot: QRectF, low: float, high: float, reach: float) -> None:
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawLine(
            QLineF(_point(plot, -reach, 0, reach, low, high), _point(plot, reach, 0, reach, low, high))
        )
        painter.drawLine(
            QLineF(_point(plot, 0, low, reach, low, high), _point(plot, 0, high, reach, low, high))
        )
        painter.setPen(self._theme.colour("quiet"))
        painter.setFont(self._theme.font(-2.0))
        bottom = QRectF(plot.left(), self.height() - 16, plot.width(), 14)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignLeft, f"−{reach:g}")
        painter.drawText(bottom, Qt.AlignmentFlag.AlignHCenter, "0")
        painter.drawText(bottom, Qt.AlignmentFlag.AlignRight, f"{reach:g}")

    def _bars(self, painter: QPainter, plot: QRectF, counts: tuple[int, ...]) -> None:
        """By their roots: a spike at zero must not flatten the rest."""
        largest = math.sqrt(max(counts)) or 1.0
        width = plot.width() / len(counts)
        foot = self.height() - 18.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent_weak"))
        for place, count in enumerate(counts):
            tall = (_BARS_PX - 6) * math.sqrt(count) / largest
            painter.drawRect(QRectF(plot.left() + place * width, foot - tall, max(1.0, width - 0.5), tall))


def _point(plot: QRectF, x: float, y: float, reach: float, low: float, high: float) -> QPointF:
    across = plot.left() + (x + reach) / (2 * reach) * plot.width()
    return QPointF(across, plot.bottom() - (y - low) / (high - low) * plot.height())
