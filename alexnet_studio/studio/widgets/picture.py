"""Arrays as images, and one picture painted into its cell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath

_RADIUS_PX = 3.0


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """A copy of `pixels`, (height, width, 3) or (height, width), that outlives the array."""
    rows = np.ascontiguousarray(pixels if pixels.ndim == 3 else np.repeat(pixels[:, :, None], 3, axis=2))
    if rows.shape[2] == 1:
        rows = np.repeat(rows, 3, axis=2)
    height, width = rows.shape[:2]
    return QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


def paint_picture(painter: QPainter, cell: QRectF, image: QImage) -> None:
    """The middle square of `image` fills `cell`: crisp when enlarged (small pictures), smooth when reduced."""
    side = min(image.width(), image.height())
    source = QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
    enlarged = side * 2 <= cell.width() * painter.device().devicePixelRatio()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not enlarged)
    painter.setClipPath(rounded(cell))
    painter.drawImage(cell, image, source)
    painter.restore()


def paint_missing(painter: QPainter, cell: QRectF, colour: str) -> None:
    """The quiet square of a picture whose pixels are not there yet."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.fillPath(rounded(cell), QBrush(QColor(colour)))
    painter.restore()


def rounded(cell: QRectF) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(cell, _RADIUS_PX, _RADIUS_PX)
    return path
