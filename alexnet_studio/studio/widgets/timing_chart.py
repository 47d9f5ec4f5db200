"""Networks side by side: for each a bar for the forward pass, and one for a whole step."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.measures import TimingView

_BAR_PX = 9


class TimingChart(QWidget):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._timings: tuple[TimingView, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self.update)

    def show_timings(self, timings: tuple[TimingView, ...]) -> None:
        self._timings = timings
        self.setAccessibleName("; ".join(f"{one.network} {one.cells[1]} {one.cells[2]}" for one in timings))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, self._legend_px() + len(self._timings) * self._row_px())

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(-0.5))
        metrics = painter.fontMetrics()
        self._legend(painter, metrics)
        names = min(
            max((metrics.horizontalAdvance(one.network) for one in self._timings), default=0) + 2 * GRID_PX,
            self.width() // 3,
        )
        values = max(
            (metrics.horizontalAdvance(text) for one in self._timings for text in one.cells[1:3]), default=0
        )
        room = max(10, self.width() - names - values - GRID_PX)
        flat = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        for place, one in enumerate(self._timings):
            top = self._legend_px() + place * self._row_px()
            painter.setPen(self._theme.colour("text"))
            name = metrics.elidedText(one.network, Qt.TextElideMode.ElideRight, names - GRID_PX)
            painter.drawText(QRectF(0, top, names, self._row_px() - GRID_PX), flat, name)
            half = (self._row_px() - GRID_PX) / 2
            bars = ((one.forward, "accent_weak", one.cells[1]), (one.step, "accent", one.cells[2]))
            for line, (share, colour, text) in enumerate(bars):
                y = top + line * half
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self._theme.colour(colour))
                length = max(2.0, room * share)
                painter.drawRoundedRect(QRectF(names, y + (half - _BAR_PX) / 2, length, _BAR_PX), 2, 2)
                painter.setPen(self._theme.colour("quiet"))
                painter.drawText(QRectF(names + length + GRID_PX, y, values + GRID_PX, half), flat, text)

    def _legend(self, painter: QPainter, metrics: QFontMetrics) -> None:
        x = 0.0
        for colour, text in (
            ("accent_weak", QCoreApplication.translate("Measures", "forward, ms")),
            ("accent", QCoreApplication.translate("Measures", "forward and backward, ms")),
        ):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour(colour))
            painter.drawRoundedRect(QRectF(x, (metrics.height() - _BAR_PX) / 2, 16, _BAR_PX), 2, 2)
            painter.setPen(self._theme.colour("quiet"))
            width = metrics.horizontalAdvance(text)
            painter.drawText(
                QRectF(x + 22, 0, width + 4, metrics.height()), Qt.AlignmentFlag.AlignVCenter, text
            )
            x += 22 + width + 3 * GRID_PX

    def _legend_px(self) -> int:
        return QFontMetrics(self._theme.font(-0.5)).height() + GRID_PX

    def _row_px(self) -> int:
        return 2 * (QFontMetrics(self._theme.font(-0.5)).height() + 1) + GRID_PX
