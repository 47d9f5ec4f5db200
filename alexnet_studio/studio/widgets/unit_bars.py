"""A value for each unit of a layer without places, as upright bars of which one can be picked."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme

_MARGIN_PX = 6
_WIDEST_PX = 28.0


class UnitBars(QWidget):
    """Where there are more units than pixels, the one furthest from zero stands for those that share a pixel.

    `picked` carries a unit's number from 0.
    """

    picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._values: NDArray[np.float32] = np.empty(0, np.float32)
        self._current: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def set_values(self, values: NDArray[np.float32]) -> None:
        self._values = values
        self.update()

    def set_current(self, unit: int | None) -> None:
        if unit != self._current:
            self._current = unit
            self.update()

    def unit_at(self, x: float) -> int | None:
        """The strongest of the units under a point."""
        pitch = self._pitch_px()
        if not 0 <= x < pitch * len(self._values):
            return None
        first, end = int(x / pitch), max(int(x / pitch) + 1, int((x + 1) / pitch))
        return first + int(np.abs(self._values[first:end]).argmax())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 96)

    def sizeHint(self) -> QSize:
        return QSize(400, 200)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        values, pitch = self._values, self._pitch_px()
        if not len(values):
            return
        low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
        room = self.height() - 2 * _MARGIN_PX
        scale = room / ((high - low) or 1.0)
        zero = _MARGIN_PX + high * scale
        bar, current = self._theme.colour("accent_weak"), self._theme.colour("accent")
        seen = range(len(values)) if pitch >= 1 else range(int(pitch * len(values)))
        for place in seen:
            unit = place if pitch >= 1 else self.unit_at(float(place))
            if unit is not None:
                x, width = (unit * pitch, max(1.0, pitch * 0.8)) if pitch >= 1 else (float(place), 1.0)
                value = float(values[unit]) * scale
                shape = QRectF(x, zero - max(value, 0.0), width, max(abs(value), 1.0))
                painter.fillRect(shape, current if unit == self._current else bar)
        painter.setPen(QPen(self._theme.colour("quiet"), 1))
        painter.drawLine(0, round(zero), round(pitch * len(values)), round(zero))
        if self._current is not None and self._current < len(values):
            painter.setPen(QPen(current, 2 if self.hasFocus() else 1, Qt.PenStyle.DotLine))
            x = round((self._current + 0.4) * pitch)
            painter.drawLine(x, 0, x, self.height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        unit = self.unit_at(event.position().x())
        if unit is not None and event.button() is Qt.MouseButton.LeftButton:
            self.picked.emit(unit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not len(self._values):
            super().keyPressEvent(event)
            return
        self.picked.emit(
            0 if self._current is None else min(max(self._current + step, 0), len(self._values) - 1)
        )

    def _pitch_px(self) -> float:
        return min(_WIDEST_PX, self.width() / max(1, len(self._values)))
