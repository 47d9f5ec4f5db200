"""Horizontal bars with a name before and a value after each; one of them, the right or the first one, is strong."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.mark import Mark, paint_mark

_BAR_PX = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """`right` is None where the true class is not known."""

    name: str
    share: float
    text: str
    right: bool | None = None


class Bars(QWidget):
    """As in the paper's Fig. 4, the bar of the right class stands out; where that is not known, the first one does.

    A third for the names, the rest for the bars; names are elided and shown whole as a tooltip.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    def set_bars(self, bars: tuple[Bar, ...]) -> None:
        if bars != self._bars:
            self._bars = bars
            self.setAccessibleName(", ".join(f"{bar.name} {bar.text}" for bar in bars))
            self.updateGeometry()
            self.update()

    def bars(self) -> tuple[Bar, ...]:
        return self._bars

    def strong(self) -> int | None:
        """The row of the bar that stands out; none where the right class is known and not among them."""
        known = [bar.right for bar in self._bars]
        if all(right is None for right in known):
            return 0
        return known.index(True) if True in known else None

    def sizeHint(self) -> QSize:
        return QSize(240, len(self._bars) * self._row_px())

    def minimumSizeHint(self) -> QSize:
        return QSize(140, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font())
        value = max((painter.fontMetrics().horizontalAdvance(bar.text) for bar in self._bars), default=0)
        for index, bar in enumerate(self._bars):
            row = QRect(0, index * self._row_px(), self.width(), self._row_px())
            self._paint_bar(painter, row, bar, value, strong=index == self.strong())

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def _paint_bar(self, painter: QPainter, row: QRect, bar: Bar, value_px: int, *, strong: bool) -> None:
        name_px = self._name_px(value_px)
        metrics = painter.fontMetrics()
        mark_px = 2 * GRID_PX if any(b.right for b in self._bars) else 0
        if bar.right:
            paint_mark(painter, QRectF(row.x(), row.y(), GRID_PX + 4, row.height()), Mark.YES, self._theme)
        name = row.adjusted(mark_px, 0, 0, 0)
        name.setWidth(name_px - mark_px - GRID_PX)
        painter.setPen(self._theme.colour("text"))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        text = metrics.elidedText(bar.name, Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignLeft | middle, text)
        full = max(0, row.width() - name_px - value_px - GRID_PX)
        length = max(2.0, full * min(max(bar.share, 0.0), 1.0))
        shape = QRectF(name_px, row.y() + (row.height() - _BAR_PX) / 2, length, _BAR_PX)
        painter.setPen(QPen(Qt.PenStyle.NoPen))
        painter.setBrush(self._theme.colour("accent" if strong else "accent_weak"))
        painter.drawRoundedRect(shape, 2, 2)
        painter.setPen(self._theme.colour("text"))
        painter.drawText(row, Qt.AlignmentFlag.AlignRight | middle, bar.text)

    def _name_px(self, value_px: int) -> int:
        metrics = QFontMetrics(self._theme.font())
        marked = 2 * GRID_PX if any(bar.right for bar in self._bars) else 0
        longest = max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0)
        return min(longest + marked + 2 * GRID_PX, max(64, (self.width() - value_px) // 2))

    def _row_px(self) -> int:
        return QFontMetrics(self._theme.font()).height() + 5

    def _show_tip(self, position: QPoint, on_screen: QPoint) -> None:
        row = position.y() // self._row_px()
        text = self._bars[row].name if 0 <= row < len(self._bars) else ""
        QToolTip.showText(on_screen, plain_tip(text), self)
