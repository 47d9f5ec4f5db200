"""The line above a plot: its title, a key for each curve that hides it on a click, and the values under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLineF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.curves import CurveKey
from alexnet_studio.studio.widgets.elided_label import plain_tip

_STROKE_PX = 14
_WHERE_ROOM = "step 000,000"
_LABEL_PX = 180  # longer names end in an ellipsis, and are whole in the tooltip


class CurveLegend(QWidget):
    """`toggled` carries a key's place; values are set from outside without any signal."""

    toggled = Signal(int)

    def __init__(
        self, theme: Theme, title: str, keys: tuple[CurveKey, ...], parent: QWidget | None = None
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
        theme.changed.connect(self._fit_height)
        theme.changed.connect(self.update)

    def set_title(self, title: str) -> None:
        if title != self._title:
            self._title = title
            self.setAccessibleName(title)
            self._fit_height()
            self.update()

    def set_keys(self, keys: tuple[CurveKey, ...]) -> None:
        if keys != self._keys:
            self._keys = keys
            self._values = ("",) * len(keys)
            self._focused = 0
            self._fit_height()
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

    def key_at(self, x: int, y: int) -> int | None:
        places = self._places()
        return next((index for index, place in enumerate(places) if place.contains(x, y)), None)

    def sizeHint(self) -> QSize:
        return QSize(200, self._line_px())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._line_px())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first = QRect(0, 0, self.width(), self._line_px())
        self._write(painter, first, self._title, "text", bold=True)
        for index, place in enumerate(self._places()):
            self._paint_key(painter, index, place)
        if self._where:
            painter.setFont(self._theme.font(-1.0))
            painter.setPen(self._theme.colour("quiet"))
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(first, side | Qt.TextFlag.TextSingleLine, self._where)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            index = self.key_at(event.pos().x(), event.pos().y())
            key = None if index is None else self._keys[index]
            self.setToolTip("" if key is None else plain_tip(key.tip or key.label))
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.key_at(int(event.position().x()), int(event.position().y()))
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

    def _paint_key(self, painter: QPainter, index: int, place: QRect) -> None:
        key, off = self._keys[index], index in self._off
        middle = place.y() + place.height() / 2
        stroke = QLineF(place.x(), middle, place.x() + _STROKE_PX, middle)
        if key.tick:
            stroke = QLineF(place.x() + 7, middle - 5, place.x() + 7, middle + 5)
        colour = self._theme.run_colour(key.run) if key.run >= 0 else self._theme.colour(key.colour)
        painter.setPen(QPen(self._theme.colour("faint") if off else colour, 1.2 if key.thin else 2.2))
        painter.drawLine(stroke)
        text = place.adjusted(_STROKE_PX + 6, 0, 0, 0)
        label = self._elided(key)
        self._write(painter, text, label, "faint" if off else "quiet", delta=-0.5)
        if self._values[index] and not off:
            shift = self._label_metrics().horizontalAdvance(label) + 5
            self._write(painter, text.translated(shift, 0), self._values[index], "text", delta=-0.5)
        if self.hasFocus() and index == self._focused:
            painter.setPen(QPen(self._theme.colour("accent"), 1))
            painter.drawRoundedRect(place.adjusted(-4, 1, -4, -1), 3, 3)

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

    def _places(self) -> list[QRect]:
        """The room of each key; a value's room is kept, so that hovering moves nothing. Wraps where the line ends."""
        metrics = self._label_metrics()
        value = metrics.horizontalAdvance("00.00 %") + 5
        start = QFontMetrics(self._theme.font(bold=True)).horizontalAdvance(self._title) + 2 * GRID_PX
        labels = [_STROKE_PX + 6 + metrics.horizontalAdvance(self._elided(key)) for key in self._keys]
        where = metrics.horizontalAdvance(_WHERE_ROOM) + GRID_PX
        places: list[QRect] = []
        left, top, line = start, 0, self._line_px()
        for label in labels:
            width = label + value + GRID_PX
            if left > start and left + width > self.width() - (0 if top else where):
                left, top = start, top + line
            places.append(QRect(left, top, width, line))
            left += width
        return places

    def _elided(self, key: CurveKey) -> str:
        return self._label_metrics().elidedText(key.label, Qt.TextElideMode.ElideMiddle, _LABEL_PX)

    def _fit_height(self) -> None:
        places = self._places()
        self.setFixedHeight((places[-1].bottom() + 1 if places else self._line_px()) + 2)

    def _line_px(self) -> int:
        return QFontMetrics(self._theme.font()).height() + 2

    def _label_metrics(self) -> QFontMetrics:
        return QFontMetrics(self._theme.font(-0.5))
