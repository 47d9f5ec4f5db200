"""Pictures of one size beside each other, on as many lines as they need."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.picture import image_of, paint_picture


class PictureStrip(QWidget):
    """`side_px` of each picture; captions stand under those that have one."""

    def __init__(self, theme: Theme, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side_px
        self._images: list[QImage] = []
        self._captions: tuple[str, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.update)

    def set_side(self, side_px: int) -> None:
        if side_px != self._side:
            self._side = side_px
            self.updateGeometry()
            self.update()

    def pictures(self) -> tuple[QImage, ...]:
        return tuple(self._images)

    def show_pictures(self, pixels: NDArray[np.uint8], captions: tuple[str, ...] = ()) -> None:
        """(N, S, S, C)."""
        self._images = [image_of(one) for one in pixels]
        self._captions = captions
        self.updateGeometry()
        self.update()

    def count(self) -> int:
        return len(self._images)

    def heightForWidth(self, width: int, /) -> int:
        lines = -(-len(self._images) // self._columns(width))
        return lines * self._line_px()

    def sizeHint(self) -> QSize:
        width = max(self.width(), 4 * (self._side + GRID_PX))
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._side, self._line_px() if self._images else 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.font(-1.5))
        columns = self._columns(self.width())
        for number, image in enumerate(self._images):
            x = number % columns * (self._side + GRID_PX)
            y = number // columns * self._line_px()
            paint_picture(painter, QRectF(x, y, self._side, self._side), image)
            if number < len(self._captions):
                painter.setPen(self._theme.colour("quiet"))
                baseline = y + self._side + painter.fontMetrics().ascent() + 2
                painter.drawText(int(x), int(baseline), self._captions[number])

    def _columns(self, width: int) -> int:
        return max(1, (width + GRID_PX) // (self._side + GRID_PX))

    def _line_px(self) -> int:
        caption = self.fontMetrics().height() if self._captions else 0
        return self._side + caption + GRID_PX
