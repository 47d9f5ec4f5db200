"""Points of the plane as one picture larger than what is seen, so that a drag copies it instead of drawing it again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.picture import image_of
from alexnet_studio.studio.widgets.point_raster import colour_of, point_side, raster
from alexnet_studio.studio.widgets.point_view import PointView, without_overlap

_MARGIN_PX = 160
_SMALLEST_PX, _LARGEST_PX = 24, 64  # of a picture
_FILLED = 0.5  # of what is seen, when pictures are drawn
_FRAME_PX = 1.5
BORDER_PX = _LARGEST_PX / 2 + 2 * _FRAME_PX  # what a picture about the outermost point needs

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Point i at `places[i]`, of class `labels[i]`; its picture is row `rows[i]` of `pictures` (m, side, side, 3).

    `shown`: the points that are drawn, in their order. `mistaken` (n,): those that get an outline.
    """

    places: NDArray[np.float32]
    labels: Numbers
    rows: Numbers
    shown: Numbers
    pictures: NDArray[np.uint8] | None = None
    mistaken: NDArray[np.bool_] | None = None

    def shows(self, point: int) -> bool:
        place = int(np.searchsorted(self.shown, point))
        return place < len(self.shown) and int(self.shown[place]) == point


def no_points() -> Points:
    nobody = np.zeros(0, np.int64)
    return Points(np.zeros((0, 2), np.float32), nobody, nobody, nobody)


class PointDrawing:
    """`side` is that of the pictures in pixels, 0 where there is no room for any; `pictured` are the points that have
    one in the picture that was asked for last.
    """

    def __init__(self, theme: Theme) -> None:
        self.points = no_points()
        self.side = 0
        self.pictured: frozenset[int] = frozenset()
        self._theme = theme
        self._drawn: tuple[QImage, PointView] | None = None
        self._pixels: tuple[NDArray[np.float64], PointView] | None = None

    def begin(self, view: PointView) -> None:
        """At another zoom, or of other points: the size of the pictures follows. A drag does not change it."""
        self._drawn = self._pixels = None
        x, y = self._pixels_in(view).T
        inside = np.count_nonzero((x >= 0) & (x < view.width) & (y >= 0) & (y < view.height))
        side = (_FILLED * view.width * view.height / max(1, int(inside))) ** 0.5
        has_room = self.points.pictures is not None and side >= _SMALLEST_PX
        self.side = min(_LARGEST_PX, int(side)) if has_room else 0

    def paint(self, painter: QPainter, view: PointView) -> None:
        """What is seen in `view`: copied, if it lies within what was drawn before."""
        drift = None if self._drawn is None else _drift(self._drawn[1], view)
        if self._drawn is None or drift is None:
            self._drawn = self._made(view, painter.device().devicePixelRatio()), view
            drift = QPointF(0, 0)
        painter.drawImage(drift - QPointF(_MARGIN_PX, _MARGIN_PX), self._drawn[0])

    def _pixels_in(self, view: PointView) -> NDArray[np.float64]:
        """Of the points that are shown; they are asked for twice at each zoom."""
        if self._pixels is None or self._pixels[1] != view:
            self._pixels = view.pixels(self.points.places[self.points.shown]), view
        return self._pixels[0]

    def _made(self, view: PointView, ratio: float) -> QImage:
        points = self.points
        size = (view.width + 2 * _MARGIN_PX, view.height + 2 * _MARGIN_PX)
        pixels = self._pixels_in(view) + _MARGIN_PX
        x, y = pixels.T
        reach = _LARGEST_PX
        near = (x > -reach) & (x < size[0] + reach) & (y > -reach) & (y < size[1] + reach)
        pixels, shown = pixels[near], points.shown[near]
        image = raster(
            self._theme,
            pixels * ratio,
            points.labels[shown],
            (int(size[0] * ratio), int(size[1] * ratio)),
            max(3, int(point_side(len(points.shown)) * ratio) | 1),
            None if points.mistaken is None else points.mistaken[shown],
        )
        image.setDevicePixelRatio(ratio)
        self.pictured = self._paint_pictures(image, pixels, shown) if self.side else frozenset()
        return image

    def _paint_pictures(self, image: QImage, pixels: NDArray[np.float64], shown: Numbers) -> frozenset[int]:
        """The points that have one now."""
        points = self.points
        assert points.pictures is not None
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        kept = without_overlap(pixels, self.side + 4)
        for index in kept:
            point = int(shown[index])
            x, y = pixels[index].tolist()
            cell = QRectF(x - self.side / 2, y - self.side / 2, self.side, self.side)
            if points.mistaken is not None and points.mistaken[point]:
                painter.fillRect(_around(cell, 2 * _FRAME_PX), self._theme.colour("text"))
            # In the colour of its class, which it covers.
            painter.fillRect(_around(cell, _FRAME_PX), colour_of(self._theme, int(points.labels[point])))
            painter.drawImage(cell, image_of(points.pictures[int(points.rows[point])]))
        painter.end()
        return frozenset(shown[kept].tolist())


def _around(cell: QRectF, frame: float) -> QRectF:
    return cell.adjusted(-frame, -frame, frame, frame)


def _drift(drawn: PointView, seen: PointView) -> QPointF | None:
    """How far what was drawn has to be moved; None where that does not show everything."""
    if (drawn.scale, drawn.width, drawn.height) != (seen.scale, seen.width, seen.height):
        return None
    drift = QPointF(
        (drawn.centre[0] - seen.centre[0]) * drawn.scale, (seen.centre[1] - drawn.centre[1]) * drawn.scale
    )
    return drift if max(abs(drift.x()), abs(drift.y())) <= _MARGIN_PX else None
