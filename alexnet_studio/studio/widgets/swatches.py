"""Named strips of colours, each with a value at its right and a quiet line below."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme

_STRIP_PX = 16
_SHARE_PX = 3


@dataclass(frozen=True, slots=True)
class Swatch:
    """`colours` (N, 1 or 3); `share` in 0..1 is a line under them."""

    name: str
    value: str
    share: float
    note: str
    colours: NDArray[np.uint8] = field(compare=False)


class Swatches(QWidget):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows: tuple[Swatch, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    def show_rows(self, rows: tuple[Swatch, ...]) -> None:
        self._rows = rows
        self.setAccessibleName("; ".join(f"{row.name}: {row.value}, {row.note}" for row in rows))
        self.updateGeometry()
        self.update()

    def rows(self) -> tuple[Swatch, ...]:
        return self._rows

    def cells(self, row: int) -> list[QRect]:
        """Where the colours of a row are painted; together as wide as the widget."""
        top = row * self._row_px() + self._line_px() + 2
        count = len(self._rows[row].colours)
        edges = [round(self.width() * n / count) for n in range(count + 1)]
        return [QRect(left, top, right - left, _STRIP_PX) for left, right in pairwise(edges)]

    def sizeHint(self) -> QSize:
        return QSize(280, len(self._rows) * self._row_px())

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        one_line = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        for number, row in enumerate(self._rows):
            line = QRect(0, number * self._row_px(), self.width(), self._line_px())
            painter.setFont(self._theme.font())
            painter.setPen(self._theme.colour("text"))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | one_line, row.value)
            room = line.width() - painter.fontMetrics().horizontalAdvance(row.value) - GRID_PX
            name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, room)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | one_line, name)
            cells = self.cells(number)
            for cell, colour in zip(cells, row.colours.tolist(), strict=True):
                red, green, blue = colour if len(colour) == 3 else colour * 3
                painter.fillRect(cell, QColor(red, green, blue))
            painter.setPen(self._theme.colour("line"))
            painter.drawRect(cells[0].united(cells[-1]).adjusted(0, 0, -1, -1))
            under = QRect(0, cells[0].bottom() + 3, round(self.width() * row.share), _SHARE_PX)
            painter.fillRect(under, self._theme.colour("accent"))
            painter.setFont(self._theme.font(-1.0))
            painter.setPen(self._theme.colour("quiet"))
            note = QRect(0, under.bottom() + 2, self.width(), self._line_px())
            painter.drawText(note, Qt.AlignmentFlag.AlignLeft | one_line, row.note)

    def _line_px(self) -> int:
        return QFontMetrics(self._theme.font()).height()

    def _row_px(self) -> int:
        return 2 * self._line_px() + _STRIP_PX + _SHARE_PX + 5 + GRID_PX
