"""A number over the frames of a film, small, under the film's slider; a click goes to that frame."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PySide6.QtCore import QLineF, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme

_HEIGHT_PX = 40
_SIDE_PX = 8.0  # half of a slider's handle: so that the frame lies under it
_EDGE_PX = 3.0

Values = NDArray[np.float64]


class FilmCurve(QWidget):
    frame_picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._own: Values = np.empty(0)
        self._others: tuple[Values, ...] = ()
        self._level = 0.0
        self._frame = 0
        # Everything but the moment: while a film plays only that moves.
        self._drawn: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._draw_again)

    def set_values(self, own: Values, others: tuple[Values, ...], level: float, frame: int) -> None:
        """One value a frame, NaN for a gap; `others` are drawn faint, `level` as a dashed line."""
        before, now = (self._own, *self._others, [self._level]), (own, *others, [level])
        same = len(before) == len(now) and all(map(_equal, before, now))
        self._own, self._others, self._level, self._frame = own, others, level, frame
        if same:
            self.update()
        else:
            self._draw_again()

    def sizeHint(self) -> QSize:
        return QSize(160, _HEIGHT_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, _HEIGHT_PX)

    def x_of(self, frame: float) -> float:
        return _SIDE_PX + frame / max(1, len(self._own) - 1) * (self.width() - 2 * _SIDE_PX)

    def frame_at(self, x: float) -> int:
        last = max(0, len(self._own) - 1)
        share = (x - _SIDE_PX) / max(1.0, self.width() - 2 * _SIDE_PX)
        return min(max(round(share * last), 0), last)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and len(self._own):
            self.frame_picked.emit(self.frame_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and len(self._own):
            self.frame_picked.emit(self.frame_at(event.position().x()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw_again()

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not len(self._own):
            return
        if self._drawn is None:
            self._drawn = self._made_drawing()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._drawn)
        x = self.x_of(min(self._frame, len(self._own) - 1))
        painter.setPen(QPen(self._theme.colour("text"), 1))
        painter.drawLine(QLineF(x, 0, x, self.height()))

    def _draw_again(self) -> None:
        self._drawn = None
        self.update()

    def _made_drawing(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = self._highest()
        ends = self.x_of(0), self.x_of(len(self._own) - 1)
        painter.setPen(QPen(self._theme.colour("line"), 1))
        painter.drawLine(QLineF(ends[0], self._y_of(0, top), ends[1], self._y_of(0, top)))
        painter.setPen(QPen(self._theme.colour("quiet"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QLineF(ends[0], self._y_of(self._level, top), ends[1], self._y_of(self._level, top)))
        for values in self._others:
            self._draw(painter, values, top, QPen(self._theme.colour("faint"), 1))
        self._draw(painter, self._own, top, QPen(self._theme.colour("accent"), 1.6))
        painter.end()
        return pixmap

    def _draw(self, painter: QPainter, values: Values, top: float, pen: QPen) -> None:
        painter.setPen(pen)
        known = ~np.isnan(values)
        # A polyline for each stretch between gaps.
        steps = np.diff(np.concatenate([[False], known, [False]]).astype(int))
        edges = [int(edge) for edge in np.flatnonzero(steps)]
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            first, apart = self.x_of(begin), self.x_of(1) - self.x_of(0)
            foot, unit = self._y_of(0, top), self._y_of(1, top) - self._y_of(0, top)
            points = [
                QPointF(first + place * apart, foot + float(value) * unit)
                for place, value in enumerate(values[begin:end])
            ]
            painter.drawPolyline(QPolygonF(points))

    def _y_of(self, value: float, top: float) -> float:
        return self.height() - _EDGE_PX - value / top * (self.height() - 2 * _EDGE_PX)

    def _highest(self) -> float:
        everything = np.concatenate([self._own, *self._others, [self._level, 1e-6]])
        return float(np.nanmax(everything))


def _equal(one: ArrayLike, other: ArrayLike) -> bool:
    return np.array_equal(one, other, equal_nan=True)
