"""Points of the plane that are images: zoomed with the wheel, dragged, clicked; pictures where there is room.

What is drawn is one picture larger than the widget, so that a drag copies it instead of drawing it again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.picture import image_of
from alexnet_studio.studio.widgets.point_raster import colour_of, point_side, raster
from alexnet_studio.studio.widgets.point_view import PointView, fitted, nearest, without_overlap

_MARGIN_PX = 160
_REACH_PX = 9.0
_SLIP_PX = 4.0  # a click may tremble
_SMALLEST_PX, _LARGEST_PX = 24, 64  # of a picture
_FILLED = 0.5  # of the widget, when pictures are drawn
_ZOOM = 1.25
_DEEPEST = 400.0  # times the view of all
_PAN_PX = 60

Places = NDArray[np.float32]
Labels = NDArray[np.int64]


class PointMap(QWidget):
    """`picked` and `hovered` carry the number of a point, `hovered` also -1 for none."""

    picked = Signal(int)
    hovered = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._places: Places = np.zeros((0, 2), np.float32)
        self._labels: Labels = np.zeros(0, np.int64)
        self._pictures: NDArray[np.uint8] | None = None
        self._rows: Labels = np.zeros(0, np.int64)
        self._shown: Labels = np.zeros(0, np.int64)
        self._hidden: frozenset[int] = frozenset()
        self._marked: tuple[int | None, tuple[int, ...]] = (None, ())
        self._view = PointView(1, 1)
        self._least = 1.0
        self._is_fitted = True
        self._cached: tuple[QPixmap, PointView] | None = None
        self._side = 0
        self._pictured: frozenset[int] = frozenset()
        self._pressed: QPointF | None = None
        self._dragged = False
        self._over = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self._draw_again)

    def set_points(
        self,
        places: Places,
        labels: Labels,
        pictures: NDArray[np.uint8] | None = None,
        rows: Labels | None = None,
    ) -> None:
        """(n, 2) and (n,); the picture of point i is row `rows[i]` of `pictures` (m, side, side, 3)."""
        self._places, self._labels, self._pictures = places, labels, pictures
        self._rows = np.arange(len(places)) if rows is None else rows
        self._marked, self._over = (None, ()), -1
        self._choose_shown()
        self.fit()

    def set_hidden(self, hidden: frozenset[int]) -> None:
        """The classes that are not drawn."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._choose_shown()
            self._draw_again()

    def set_marked(self, selected: int | None, near: tuple[int, ...]) -> None:
        if (selected, near) != self._marked:
            self._marked = (selected, near)
            self.update()

    def fit(self) -> None:
        """All of it in view."""
        self._view = fitted(self._places, self.width(), self.height())
        self._least = self._view.scale / 2
        self._is_fitted = True
        self._draw_again()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        where = QPointF(self.width() / 2, self.height() / 2) if at is None else at
        self._view = self._view.zoomed(factor, where.x(), where.y(), self._least, self._least * 2 * _DEEPEST)
        self._is_fitted = False
        self._draw_again()

    def pan(self, right: float, down: float) -> None:
        self._view = self._view.panned(right, down)
        self._is_fitted = False
        self.update()

    def pixel_of(self, point: int) -> QPointF:
        x, y = self._view.pixels(self._places[point : point + 1])[0].tolist()
        return QPointF(x, y)

    def point_at(self, at: QPointF) -> int | None:
        pixels = self._view.pixels(self._places[self._shown])
        found = nearest(pixels, at.x(), at.y(), max(_REACH_PX, self._side / 2))
        return None if found is None else int(self._shown[found])

    def has_pictures(self) -> bool:
        """Whether there is room for pictures at this zoom."""
        return self._side > 0

    def sizeHint(self) -> QSize:
        return QSize(360, 320)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 100)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_fitted:
            self.fit()
        else:
            self._view = PointView(self.width(), self.height(), self._view.centre, self._view.scale)
            self._draw_again()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.colour("raised"))
        pixmap, drift = self._picture()
        painter.drawPixmap(drift - QPointF(_MARGIN_PX, _MARGIN_PX), pixmap)
        self._paint_marks(painter)
        if self.hasFocus():
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_ZOOM ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            self._hover(self.point_at(event.position()))
            return
        moved = event.position() - self._pressed
        if self._dragged or moved.manhattanLength() > _SLIP_PX:
            self._dragged, self._pressed = True, event.position()
            self.pan(moved.x(), moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        if (
            pressed is not None
            and not self._dragged
            and (point := self.point_at(event.position())) is not None
        ):
            self.picked.emit(point)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.point_at(event.position()) is None:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        pans = {
            Qt.Key.Key_Left: (1, 0),
            Qt.Key.Key_Right: (-1, 0),
            Qt.Key.Key_Up: (0, 1),
            Qt.Key.Key_Down: (0, -1),
        }
        if key in pans:
            self.pan(*(_PAN_PX * step for step in pans[key]))
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom(_ZOOM)
        elif key is Qt.Key.Key_Minus:
            self.zoom(1 / _ZOOM)
        elif key in {Qt.Key.Key_Home, Qt.Key.Key_0}:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _hover(self, point: int | None) -> None:
        now = -1 if point is None else point
        if now != self._over:
            self._over = now
            self.hovered.emit(now)
            self.update()

    def _choose_shown(self) -> None:
        hidden = np.array(sorted(self._hidden), np.int64)
        self._shown = np.flatnonzero(~np.isin(self._labels, hidden))

    def _draw_again(self) -> None:
        """At another zoom, so that the size of the pictures follows; a drag does not change it."""
        self._cached = None
        pixels = self._view.pixels(self._places[self._shown])
        inside = ((pixels >= 0) & (pixels < (self.width(), self.height()))).all(axis=1).sum()
        side = (_FILLED * self.width() * self.height() / max(1, int(inside))) ** 0.5
        has_room = self._pictures is not None and side >= _SMALLEST_PX
        self._side = min(_LARGEST_PX, int(side)) if has_room else 0
        self.update()

    def _picture(self) -> tuple[QPixmap, QPointF]:
        """The picture, and how far it has to be moved."""
        if self._cached is not None:
            pixmap, view = self._cached
            drift = QPointF(
                (view.centre[0] - self._view.centre[0]) * view.scale,
                (self._view.centre[1] - view.centre[1]) * view.scale,
            )
            if max(abs(drift.x()), abs(drift.y())) <= _MARGIN_PX:
                return pixmap, drift
        pixmap = self._drawn()
        self._cached = (pixmap, self._view)
        return pixmap, QPointF(0, 0)

    def _drawn(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = (self.width() + 2 * _MARGIN_PX, self.height() + 2 * _MARGIN_PX)
        pixels = self._view.pixels(self._places[self._shown]) + _MARGIN_PX
        labels = self._labels[self._shown]
        near = ((pixels > -_LARGEST_PX) & (pixels < np.array(size) + _LARGEST_PX)).all(axis=1)
        pixels, labels, shown = pixels[near], labels[near], self._shown[near]
        side = max(3, int(point_side(len(self._shown)) * ratio) | 1)
        image = raster(
            self._theme, pixels * ratio, labels, (int(size[0] * ratio), int(size[1] * ratio)), side
        )
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(ratio)
        self._pictured = self._paint_pictures(pixmap, pixels, shown) if self._side else frozenset()
        return pixmap

    def _paint_pictures(self, pixmap: QPixmap, pixels: NDArray[np.float64], shown: Labels) -> frozenset[int]:
        """The points that have one now."""
        assert self._pictures is not None
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        kept = without_overlap(pixels, self._side + 4)
        for index in kept:
            point = int(shown[index])
            x, y = pixels[index].tolist()
            cell = QRectF(x - self._side / 2, y - self._side / 2, self._side, self._side)
            # In the colour of its class, which it covers.
            frame = colour_of(self._theme, int(self._labels[point]))
            painter.fillRect(cell.adjusted(-1.5, -1.5, 1.5, 1.5), frame)
            painter.drawImage(cell, image_of(self._pictures[int(self._rows[point])]))
        painter.end()
        return frozenset(shown[kept].tolist())

    def _paint_marks(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        selected, near = self._marked
        for point in near:
            self._ring(painter, point, 1.5)
        if selected is not None:
            self._ring(painter, selected, 3.0)
        if self._over >= 0:
            self._ring(painter, self._over, 1.0)

    def _ring(self, painter: QPainter, point: int, width: float) -> None:
        """About a point, or about its picture."""
        at = self.pixel_of(point)
        reach = self._side / 2 + 3 if point in self._pictured else 6 + width
        place = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        draw = painter.drawRect if point in self._pictured else painter.drawEllipse
        # Two lines, so that it is seen on every colour.
        for colour, extra in (("raised", 2.5), ("text", 0.0)):
            painter.setPen(QPen(self._theme.colour(colour), width + extra))
            draw(place)
