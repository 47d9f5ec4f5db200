"""A square that shows one picture and takes dropped files; while something hangs over it, it says so."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.picture import image_of, paint_picture


class DropArea(QWidget):
    """`clicked` asks to choose a file. The dropping itself is its parent's: the whole panel is the target."""

    clicked = Signal()

    def __init__(self, theme: Theme, hint: str, side_px: int = 96, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hint = hint
        self._image: QImage | None = None
        self._side = side_px
        self._lit = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(hint)
        theme.changed.connect(self.update)

    def set_pixels(self, pixels: NDArray[np.uint8] | None) -> None:
        self._image = None if pixels is None else image_of(pixels)
        self.update()

    def set_lit(self, lit: bool) -> None:
        self._lit = lit
        self.update()

    def has_picture(self) -> bool:
        return self._image is not None

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if self._image is not None:
            paint_picture(painter, area, self._image)
        else:
            painter.setPen(self._theme.colour("quiet"))
            painter.setFont(self._theme.font(-1.0))
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(area.adjusted(GRID_PX, 0, -GRID_PX, 0), wrapped, self._hint)
        marked = self._lit or self.hasFocus()
        if marked or self._image is None:
            style = Qt.PenStyle.SolidLine if marked else Qt.PenStyle.DashLine
            painter.setPen(
                QPen(self._theme.colour("accent" if marked else "faint"), 2 if self._lit else 1, style)
            )
            painter.drawRoundedRect(area, 4, 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.clicked.emit()
        else:
            super().keyPressEvent(event)
