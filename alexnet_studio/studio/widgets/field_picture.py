"""A small picture, enlarged crisply to fill its square, with a rectangle drawn around some of its pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.picture import image_of


class FieldPicture(QWidget):
    def __init__(self, theme: Theme, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side_px
        self._image = QImage()
        self._field: tuple[int, int, int, int] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_picture(
        self, pixels: NDArray[np.uint8] | None, field: tuple[int, int, int, int] | None = None
    ) -> None:
        """`field`: top, left, bottom, right in pixels of the picture."""
        self._image = QImage() if pixels is None else image_of(pixels)
        self._field = field
        self.setVisible(pixels is not None)
        self.update()

    def picture(self) -> QImage:
        return self._image

    def field_now(self) -> QRectF | None:
        """The rectangle on the widget."""
        if self._field is None or self._image.isNull():
            return None
        top, left, bottom, right = self._field
        area = self._area()
        across, down = area.width() / self._image.width(), area.height() / self._image.height()
        return QRectF(
            area.x() + left * across, area.y() + top * down, (right - left) * across, (bottom - top) * down
        )

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        large = self._image.width() > self.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, large)
        painter.drawImage(self._area(), self._image)
        field = self.field_now()
        if field is not None:
            ring = field.adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            # Light in dark, so that it is seen on every picture.
            for colour, thick in (("raised", 4), ("accent", 2)):
                painter.setPen(QPen(self._theme.colour(colour), thick))
                painter.drawRect(ring)

    def _area(self) -> QRectF:
        """In its own proportions, within the square."""
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        return QRectF(0, 0, size.width(), size.height())
