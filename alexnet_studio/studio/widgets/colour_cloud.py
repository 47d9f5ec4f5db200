"""Pixels in their own colours along the first two principal axes, with one deviation of each as a line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme

_SIDE_PX = 200
_DOT_PX = 3


class ColourCloud(QWidget):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._plane: NDArray[np.float64] = np.zeros((0, 2))
        self._colours: NDArray[np.uint8] = np.zeros((0, 3), np.uint8)
        self._deviations = (0.0, 0.0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_cloud(
        self, plane: NDArray[np.float64], colours: NDArray[np.uint8], deviations: tuple[float, float]
    ) -> None:
        """(N, 2) places and (N, 1 or 3) colours; `deviations` along both axes, in the units of the places."""
        self._plane = plane
        self._colours = colours if colours.shape[1] == 3 else np.repeat(colours, 3, axis=1)
        self._deviations = deviations
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SIDE_PX + 60, _SIDE_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not len(self._plane):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._scale()
        centre = QPointF(self.width() / 2, self.height() / 2)
        for (x, y), (red, green, blue) in zip(self._plane.tolist(), self._colours.tolist(), strict=True):
            painter.fillRect(
                int(centre.x() + x * scale),
                int(centre.y() - y * scale),
                _DOT_PX,
                _DOT_PX,
                QColor(red, green, blue),
            )
        painter.setPen(QPen(self._theme.colour("accent"), 2))
        first, second = self._deviations
        painter.drawLine(centre, centre + QPointF(first * scale, 0))
        painter.drawLine(centre, centre - QPointF(0, second * scale))

    def _scale(self) -> float:
        """Both axes alike, so that the cloud has its own shape."""
        across, up = np.abs(self._plane).max(axis=0)
        return min(self.width() / 2 / max(across, 1e-6), self.height() / 2 / max(up, 1e-6)) * 0.95
