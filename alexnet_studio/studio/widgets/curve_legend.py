"""The line above a plot: its title, a key for each curve that hides it on a click, and the values under the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme

_STROKE_PX = 14


@dataclass(frozen=True, slots=True)
class Key:
    label: str
    colour: str  # a field of Colours
    thin: bool = False


class CurveLegend(QWidget):
    """`toggled` carries a key's place; values are set from outside without any signal."""

    toggled = Signal(int)

    def __init__(
        self, theme: Theme, title: str, keys: tuple[Key, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = title
        self._keys = keys
        self._values: tuple[str, ...] = ("",) * len(keys)
        self._where = ""
        self._off: frozenset[int] = frozenset()
        self._focused = 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)
        theme.changed.connect(self.update)

    def set_keys(self, keys: tuple[Key, ...]) -> None:
        if keys != self._keys:
            self._keys = keys
            self.update()

    def set_values(self, where: str, values: tuple[str, ...]) -> None:
        """`where` is the place on the x axis; empty texts show none."""
        if (where, values) != (self._where, self._values):
            self._where, self._values = where, values
            self.update()

    def set_off(self, off: frozenset[int]) -> None:
        self._off = off
        self.update()

    def texts(self) -> tuple[str, ...]:
        """What can be read: the title, each key with its value, and where."""
        pairs = zip(self._keys, self._values, strict=True)
        return (self._title, *(f"{key.label} {value}".strip() for key, value in pairs), self._where)

    def key_at(self, x: int) -> int | None:
        for index, (left, width) in enumerate(self._places()):
            if left <= x < left + width:
                return index
        return None

    def sizeHint(self) -> QSize:
        return QSize(200, QFontMetrics(self._theme.font()).height() + GRID_PX // 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._write(painter, self.rect(), self._title, "text", bold=True)
        for index, (left, width) in enumerate(self._places()):
            self._paint_key(painter, index, left, width)
        if self._where:
            painter.setFont(self._theme.font(-1.0))
            painter.setPen(self._theme.colour("quiet"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect(), side | Qt.TextFlag.TextSingleLine, self._where)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.key_at(int(event.position().x()))
        if index is not None:
            self.toggled.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None and self._keys:
            self._focused = (self._focused + step) % len(self._keys)
            self.update()
        elif event.key() == Qt.Key.Key_Space and self._keys:
            self.toggled.emit(self._focused)
        else:
            super().keyPressEvent(event)

    def _paint_key(self, painter: QPainter, index: int, left: int, width: int) -> None:
        key, off = self._keys[index], index in self._off
        middle = self.height() / 2
        painter.setPen(QPen(self._theme.colour("faint" if off else key.colour), 1.2 if key.thin else 2.2))
        painter.drawLine(left, int(middle), left + _STROKE_PX, int(middle))
        text = QRect(left + _STROKE_PX + 6, 0, width, self.height())
        self._write(painter, text, key.label, "faint" if off else "quiet", delta=-0.5)
        if self._values[index] and not off:
            shift = self._label_metrics().horizontalAdvance(key.label) + 5
            self._write(painter, text.translated(shift, 0), self._values[index], "text", delta=-0.5)
        if self.hasFocus() and index == self._focused:
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            painter.drawRoundedRect(QRect(left - 4, 1, width, self.height() - 2), 3, 3)

    def _write(
        self,
        painter: QPainter,
        where: QRect,
        text: str,
        colour: str,
        *,
        delta: float = 0.0,
        bold: bool = False,
    ) -> None:
        painter.setFont(self._theme.font(delta, bold=bold))
        painter.setPen(self._theme.colour(colour))
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(where, side | Qt.TextFlag.TextSingleLine, text)

    def _places(self) -> list[tuple[int, int]]:
        """Left edge and width of each key; the room for a value is kept, so that hovering moves nothing."""
        metrics = self._label_metrics()
        value = metrics.horizontalAdvance("00.00 %") + 5
        left = QFontMetrics(self._theme.font(bold=True)).horizontalAdvance(self._title) + 2 * GRID_PX
        places: list[tuple[int, int]] = []
        labels = [_STROKE_PX + 6 + metrics.horizontalAdvance(key.label) for key in self._keys]
        room = self.width() - left - metrics.horizontalAdvance("00,000") - 2 * GRID_PX
        wide = sum(labels) + len(labels) * (value + GRID_PX) <= room
        for label in labels:
            width = label + (value if wide else 0) + GRID_PX
            places.append((left, width))
            left += width + (0 if wide else GRID_PX // 2)
        return places

    def _label_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(-0.5))
