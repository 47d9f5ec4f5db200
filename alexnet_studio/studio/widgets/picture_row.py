"""A few pictures in a row with two lines under each and a mark of agreement."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetrics,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.cell_grid import CellGrid, flow
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.mark import Mark, paint_mark
from alexnet_studio.studio.widgets.picture import image_of, paint_missing, paint_picture

_SMALLEST_PX = 36


@dataclass(frozen=True, slots=True)
class Picture:
    """`first` and `second` are the lines under it; the mark stands before the second, the note on the picture."""

    key: str
    first: str = ""
    second: str = ""
    mark: Mark = Mark.NONE
    lead: bool = False  # the one that the others are compared with: a line sets it apart
    pixels: NDArray[np.uint8] | None = field(default=None, compare=False)
    note: str = ""


class PictureRow(QWidget):
    """`picked` is a click, `opened` a double click or Enter; both carry the picture's key."""

    picked = Signal(str)
    opened = Signal(str)

    def __init__(self, theme: Theme, largest_px: int = 64, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._largest = largest_px
        self._pictures: tuple[Picture, ...] = ()
        self._images: dict[str, QImage] = {}
        self._current: str | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # Not fixed: that would hold it at the height of its hint, whatever the width asks for.
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    def set_pictures(self, pictures: tuple[Picture, ...]) -> None:
        self._pictures = pictures
        keys = {picture.key for picture in pictures}
        self._images = {key: image for key, image in self._images.items() if key in keys}
        for picture in pictures:
            if picture.pixels is not None and picture.key not in self._images:
                self._images[picture.key] = image_of(picture.pixels)
        self.setAccessibleName(
            ", ".join(f"{p.second} {p.mark.value} {p.first} {p.note}".strip() for p in pictures)
        )
        self.updateGeometry()
        self.update()

    def set_pixels(self, key: str, pixels: NDArray[np.uint8]) -> None:
        if any(picture.key == key for picture in self._pictures):
            self._images[key] = image_of(pixels)
            self.update()

    def set_current(self, key: str | None) -> None:
        self._current = key
        self.update()

    def pictures(self) -> tuple[Picture, ...]:
        return self._pictures

    def missing(self) -> tuple[str, ...]:
        return tuple(p.key for p in self._pictures if p.key not in self._images)

    def grid(self) -> CellGrid:
        return self._grid_for(self.width())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return int(self._grid_for(width).height + 0.999)

    def sizeHint(self) -> QSize:
        return QSize(240, self.heightForWidth(max(self.width(), 240)))

    def minimumSizeHint(self) -> QSize:
        return QSize(_SMALLEST_PX, 0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        grid = self.grid()
        for index, picture in enumerate(self._pictures):
            self._paint(painter, QRectF(*grid.cell(index)), picture)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        key = self.key_at(event.position().x(), event.position().y())
        if key is not None and event.button() is Qt.MouseButton.LeftButton:
            self._pick(key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        key = self.key_at(event.position().x(), event.position().y())
        if key is not None:
            self.opened.emit(key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        keys = [picture.key for picture in self._pictures]
        if step is not None and keys:
            here = keys.index(self._current) + step if self._current in keys else 0
            self._pick(keys[min(max(here, 0), len(keys) - 1)])
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self._current in keys:
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event.pos(), event.globalPos())
            return True
        return super().event(event)

    def key_at(self, x: float, y: float) -> str | None:
        index = self.grid().cell_at(x, y)
        return None if index is None else self._pictures[index].key

    def _pick(self, key: str) -> None:
        self.set_current(key)
        self.picked.emit(key)

    def _grid_for(self, width: int) -> CellGrid:
        """One row of pictures as large as fits; where they would become too small, as many rows as they need."""
        count = len(self._pictures)
        fitting = (width + GRID_PX) / max(1, count) - GRID_PX
        side = int(min(self._largest, max(_SMALLEST_PX, fitting)))
        first, second = self._line_px()
        lines = (first if any(p.first for p in self._pictures) else 0) + (
            second if any(p.second for p in self._pictures) else 0
        )
        return flow(count, width, side, side + (lines + 4 if lines else 0), GRID_PX, GRID_PX)

    def _line_px(self) -> tuple[int, int]:
        return QFontMetrics(self._theme.font(-0.5)).height(), QFontMetrics(self._theme.font(-1.0)).height()

    def _paint(self, painter: QPainter, cell: QRectF, picture: Picture) -> None:
        square = QRectF(cell.x(), cell.y(), cell.width(), cell.width())
        image = self._images.get(picture.key)
        if image is None:
            paint_missing(painter, square, self._theme.colours.sunken)
        else:
            paint_picture(painter, square, image)
        if picture.key == self._current or picture.lead:
            lead = picture.lead and picture.key != self._current
            painter.setPen(QPen(self._theme.colour("quiet" if lead else "accent"), 1 if lead else 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
        first, second = self._line_px()
        if picture.note:
            band = QRectF(square.x(), square.bottom() - second, square.width(), second)
            painter.fillRect(band, self._theme.colour("ground"))
            self._write(painter, band.adjusted(3, 0, -1, 0), picture.note, "text", -1.0)
        y = square.bottom() + 3
        if picture.first:
            line = QRectF(cell.x(), y, cell.width(), first)
            self._write(painter, line, picture.first, "text", -0.5)
            y += first
        shift = 11.0 if picture.mark is not Mark.NONE else 0.0
        paint_mark(painter, QRectF(cell.x(), y, GRID_PX, second), picture.mark, self._theme)
        colour = "bad" if picture.mark is Mark.NO else "quiet"
        self._write(
            painter, QRectF(cell.x() + shift, y, cell.width() - shift, second), picture.second, colour, -1.0
        )

    def _write(self, painter: QPainter, line: QRectF, text: str, colour: str, delta: float) -> None:
        painter.setFont(self._theme.font(delta))
        painter.setPen(self._theme.colour(colour))
        elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(line.width()))
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle | Qt.TextFlag.TextSingleLine, elided)

    def _show_tip(self, position: QPoint, on_screen: QPoint) -> None:
        index = self.grid().cell_at(position.x(), position.y())
        text = ""
        if index is not None:
            picture = self._pictures[index]
            text = " · ".join(
                part for part in (picture.second, picture.first, picture.note, picture.key) if part
            )
        QToolTip.showText(on_screen, plain_tip(text), self)
