"""An image with the square that is cut out of it: dragged, or moved with the arrow keys; the ten views beside it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.picture import image_of

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
_SIDE_PX = 288
_TELL_MS = 33


class CropStage(QWidget):
    """`moved` comes after the square has moved, at most thirty times a second while it is dragged."""

    moved = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._pixels: NDArray[np.uint8] = np.zeros((0, 0, 3), np.uint8)
        self._image = QImage()
        self._size = 0
        self._five: tuple[tuple[int, int], ...] = ()
        self._ten = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_TELL_MS)
        self._soon.timeout.connect(self.moved)
        self.at = (0, 0)  # top and left, in pixels of the image
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_image(self, pixels: NDArray[np.uint8], size: int, five: tuple[tuple[int, int], ...]) -> None:
        """(side, side, C)."""
        self._soon.stop()  # a move on the last image
        self._pixels, self._size, self._five = pixels, size, five
        self._image = image_of(pixels)
        self.set_place(*self.at)

    def set_place(self, top: int, left: int) -> None:
        last = self.slack()
        self.at = (min(max(top, 0), last), min(max(left, 0), last))
        self.update()

    def move_to(self, top: int, left: int) -> None:
        """As a person does."""
        before = self.at
        self.set_place(top, left)
        if self.at != before and not self._soon.isActive():
            self._soon.start()

    def is_moving(self) -> bool:
        """Whether `moved` is still to come."""
        return self._soon.isActive()

    def slack(self) -> int:
        """The last place of the square."""
        return max(0, self._pixels.shape[0] - self._size)

    def show_ten(self, ten: bool) -> None:
        self._ten = ten
        self.update()

    def squares(self) -> tuple[tuple[int, int], ...]:
        """The top left corners that are drawn now: the chosen one last and strongest."""
        return (*self._five, self.at) if self._ten else (self.at,)

    def sizeHint(self) -> QSize:
        return QSize(_SIDE_PX, _SIDE_PX)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._drag(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self.move_to(self.at[0] + step[0], self.at[1] + step[1])

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image.isNull():
            painter.fillRect(self.rect(), self._theme.colour("sunken"))
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(self.rect()), self._image)
        for place in self.squares():
            strength = 1.0 if place != self.at else 2.0
            # Dark and light, to be seen on any picture.
            for colour, width in (("raised", 2 * strength), ("accent", strength)):
                painter.setPen(QPen(self._theme.colour(colour), width))
                painter.drawRect(self._square(*place))

    def _square(self, top: int, left: int) -> QRectF:
        scale = self.width() / max(1, self._pixels.shape[1])
        side = self._size * scale
        return QRectF(left * scale, top * scale, side, side).adjusted(1, 1, -1, -1)

    def _drag(self, event: QMouseEvent) -> None:
        """The middle of the square goes where the pointer is."""
        if self._image.isNull():
            return
        scale = self._pixels.shape[1] / max(1, self.width())
        place = event.position()
        half = self._size / 2
        self.move_to(round(place.y() * scale - half), round(place.x() * scale - half))
