"""A sentence over a small picture of folders with pictures in them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme

_ICON_PX = 16
_PICTURES = 4


class FolderSketch(QWidget):
    """`names` are the outer folder and those inside it."""

    def __init__(
        self, theme: Theme, sentence: str, names: tuple[str, ...], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._sentence = sentence
        self._names = names
        self.setAccessibleName(f"{sentence} {', '.join(names)}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(240, (len(self._names) + 1) * self._row_px())

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self._theme.font(-0.5))
        painter.setPen(self._theme.colour("quiet"))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        room = QRect(0, 0, self.width(), self._row_px())
        text = painter.fontMetrics().elidedText(self._sentence, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(room, middle, text)
        name_px = max(painter.fontMetrics().horizontalAdvance(name) for name in self._names)
        for index, name in enumerate(self._names):
            left = 0 if index == 0 else 3 * GRID_PX
            row = room.translated(0, (index + 1) * self._row_px())
            icon = QRect(left, row.center().y() - _ICON_PX // 2, _ICON_PX, _ICON_PX)
            self._theme.icon("folder").paint(painter, icon)
            painter.drawText(row.adjusted(left + 3 * GRID_PX, 0, 0, 0), middle, name)
            if index:
                self._paint_pictures(painter, row, left + name_px + 5 * GRID_PX)

    def _paint_pictures(self, painter: QPainter, row: QRect, left: int) -> None:
        side = _ICON_PX
        for index in range(_PICTURES):
            square = QRectF(left + index * (side + 4), row.center().y() - side / 2, side, side)
            painter.fillRect(square, self._theme.colour("accent_weak" if index % 2 else "accent_soft"))

    def _row_px(self) -> int:
        return QFontMetrics(self._theme.font(-0.5)).height() + GRID_PX
