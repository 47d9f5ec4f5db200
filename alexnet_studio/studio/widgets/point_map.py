"""Points of the plane that are images: zoomed with the wheel, dragged, clicked; pictures where there is room."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.point_drawing import BORDER_PX, Numbers, PointDrawing, Points
from alexnet_studio.studio.widgets.point_view import PointView, fitted, nearest

_REACH_PX = 9.0
_SLIP_PX = 4.0  # a click may tremble
_ZOOM = 1.25
_DEEPEST = 400.0  # times the view of all
_PAN_PX = 60
_PANS = {
    Qt.Key.Key_Left: (_PAN_PX, 0),
    Qt.Key.Key_Right: (-_PAN_PX, 0),
    Qt.Key.Key_Up: (0, _PAN_PX),
    Qt.Key.Key_Down: (0, -_PAN_PX),
}


class PointMap(QWidget):
    """`picked` and `hovered` carry the number of a point, `hovered` also -1 for none."""

    picked = Signal(int)
    hovered = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawing = PointDrawing(theme)
        self._hidden: frozenset[int] = frozenset()
        self._only_mistakes = False
        self._marked: tuple[int | None, tuple[int, ...]] = (None, ())
        self._view = PointView(1, 1)
        self._least = 1.0
        self._is_fitted = True
        self._pressed: QPointF | None = None
        self._dragged = False
        self._over = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        theme.changed.connect(self._draw_again)

    def set_points(
        self,
        places: NDArray[np.float32],
        labels: Numbers,
        pictures: NDArray[np.uint8] | None = None,
        rows: Numbers | None = None,
    ) -> None:
        """(n, 2) and (n,); the picture of point i is row `rows[i]` of `pictures` (m, side, side, 3)."""
        everybody = np.arange(len(places))
        rows = everybody if rows is None else rows
        self._drawing.points = Points(places, labels, rows, everybody, pictures)
        self._marked, self._over = (None, ()), -1
        self._choose_shown()
        self.fit()

    def set_hidden(self, hidden: frozenset[int]) -> None:
        """The classes that are not drawn."""
        if hidden != self._hidden:
            self._hidden = hidden
            self._choose_shown()

    def set_mistaken(self, mistaken: NDArray[np.bool_] | None, *, only: bool) -> None:
        """(n,) the points that get an outline; `only` they are drawn."""
        self._only_mistakes = only
        self._drawing.points = replace(self._drawing.points, mistaken=mistaken)
        self._choose_shown()

    def set_marked(self, selected: int | None, near: tuple[int, ...]) -> None:
        if (selected, near) != self._marked:
            self._marked = (selected, near)
            self.update()

    def fit(self) -> None:
        """All of it in view."""
        self._view = fitted(self._drawing.points.places, self.width(), self.height(), BORDER_PX)
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
        x, y = self._view.pixels(self._drawing.points.places[point : point + 1])[0].tolist()
        return QPointF(x, y)

    def point_at(self, at: QPointF) -> int | None:
        points = self._drawing.points
        pixels = self._view.pixels(points.places[points.shown])
        found = nearest(pixels, at.x(), at.y(), max(_REACH_PX, self._drawing.side / 2))
        return None if found is None else int(points.shown[found])

    def has_pictures(self) -> bool:
        """Whether there is room for pictures at this zoom."""
        return self._drawing.side > 0

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
        self._drawing.paint(painter, self._view)
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
        if key in _PANS:
            self.pan(*_PANS[key])
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
        points = self._drawing.points
        shown = ~np.isin(points.labels, np.array(sorted(self._hidden), np.int64))
        if self._only_mistakes and points.mistaken is not None:
            shown &= points.mistaken
        self._drawing.points = replace(points, shown=np.flatnonzero(shown))
        self._draw_again()

    def _draw_again(self) -> None:
        self._drawing.begin(self._view)
        self.update()

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
        """About a point that is drawn, or about its picture."""
        if not self._drawing.points.shows(point):
            return
        at = self.pixel_of(point)
        pictured = point in self._drawing.pictured
        reach = self._drawing.side / 2 + 3 if pictured else 6 + width
        place = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        draw = painter.drawRect if pictured else painter.drawEllipse
        # Two lines, so that it is seen on every colour.
        for colour, extra in (("raised", 2.5), ("text", 0.0)):
            painter.setPen(QPen(self._theme.colour(colour), width + extra))
            draw(place)
