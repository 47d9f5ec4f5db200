"""A small matrix written out in tabular numerals, strong values strong and weak ones faint."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme

_FAINT_BELOW = 0.25  # of the largest magnitude


class ValueGrid(QWidget):
    """Two decimals where they fit, one where the room is short."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: NDArray[np.float32] = np.zeros((0, 0), np.float32)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def set_values(self, values: NDArray[np.float32]) -> None:
        """(rows, columns)."""
        if values.shape != self._values.shape:
            self.updateGeometry()
        self._values = values
        self.update()

    def as_text(self) -> str:
        return "\n".join("\t".join(f"{value:.6g}" for value in row) for row in self._values)

    def sizeHint(self) -> QSize:
        return QSize(200, self._values.shape[0] * self._row_px())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        rows, columns = self._values.shape
        if not rows or not columns:
            return
        painter = QPainter(self)
        painter.setFont(self._theme.font(-1.5))
        most = painter.fontMetrics().horizontalAdvance("−0.00 ")
        across = min(self.width() / columns, most + 4.0)
        digits = 2 if across >= most else 1
        strongest = float(np.abs(self._values).max()) or 1.0
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row in range(rows):
            for column in range(columns):
                value = float(self._values[row, column])
                weak = abs(value) < _FAINT_BELOW * strongest
                painter.setPen(self._theme.colour("faint" if weak else "text"))
                cell = QRectF(column * across, row * self._row_px(), across, self._row_px())
                painter.drawText(cell, right | Qt.TextFlag.TextSingleLine, _written(value, digits))

    def _row_px(self) -> int:
        return QFontMetrics(self._theme.font(-1.5)).height() + 2


def _written(value: float, digits: int) -> str:
    """Without the zero before the point, as tables of weights are printed."""
    text = f"{abs(value):.{digits}f}"
    text = text.removeprefix("0") if digits else text
    return f"−{text}" if value < 0 and float(f"{value:.{digits}f}") != 0 else text
