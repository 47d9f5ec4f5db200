"""A scrolling grid of captioned pictures that holds and paints only what is visible, however many there are."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.cell_grid import CellGrid, flow
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.picture import image_of, paint_missing, paint_picture

_KEPT = 1_000  # decoded pictures; a screen shows a few hundred at most
_ASK_AFTER_MS = 30  # scrolling asks once when it rests, not at every pixel
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class ImageGrid(QAbstractScrollArea):
    """`missing_seen` names the visible keys without pixels.

    `picked` is a click or an arrow key, `opened` a double click or Enter; `menu_wanted` names the key under the mouse,
    or the current one, and where on the screen.
    """

    missing_seen = Signal(object)
    picked = Signal(str)
    opened = Signal(str)
    menu_wanted = Signal(str, QPoint)

    def __init__(self, theme: Theme, side_px: int = 72, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._side = side_px
        self._keys: tuple[str, ...] = ()
        self._captions: Mapping[str, str] = {}
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._current: str | None = None
        self._asked: tuple[str, ...] = ()
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(_ASK_AFTER_MS)
        self._ask.timeout.connect(self._announce_missing)
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        theme.changed.connect(self._repaint)

    def set_keys(self, keys: tuple[str, ...], captions: Mapping[str, str]) -> None:
        """A key is captioned with its last part, or as `captions` says.

        Where there are only more of them, what is looked at stays in its place.
        """
        if captions != self._captions:
            self._captions = captions
            self._repaint()
        if keys == self._keys:
            return
        more = keys[: len(self._keys)] == self._keys
        self._keys = keys
        self._asked = ()
        self._measure()
        if not more:
            self.verticalScrollBar().setValue(0)
        self._repaint()

    def set_pixels(self, key: str, pixels: NDArray[np.uint8]) -> None:
        """Pictures that were not looked at for long are forgotten, and asked for again when they come into view."""
        self._images[key] = image_of(pixels)
        self._images.move_to_end(key)
        while len(self._images) > _KEPT:
            self._images.popitem(last=False)
        self._repaint()

    def set_current(self, key: str | None) -> None:
        if key != self._current:
            self._current = key
            self._repaint()

    def key_at(self, x: float, y: float) -> str | None:
        """The key under a point of the viewport."""
        index = self.geometry_now().cell_at(x, y + self.verticalScrollBar().value())
        return None if index is None else self._keys[index]

    def geometry_now(self) -> CellGrid:
        caption = self.fontMetrics().height() + GRID_PX // 2
        return flow(
            len(self._keys), self.viewport().width(), self._side, self._side + caption, GRID_PX, GRID_PX
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setFont(self._theme.font(-1.0))
        top = self.verticalScrollBar().value()
        grid = self.geometry_now()
        for index in grid.visible(top, top + self.viewport().height()):
            x, y, width, height = grid.cell(index)
            self._paint_item(painter, self._keys[index], QRectF(x, y - top, width, height))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        key = self.key_at(event.position().x(), event.position().y())
        if key is not None and event.button() is Qt.MouseButton.LeftButton:
            self._pick(key)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()  # as its press was

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        key = self.key_at(event.position().x(), event.position().y())
        if key is not None:
            self.opened.emit(key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        key = self._current if by_key else self.key_at(event.pos().x(), event.pos().y())
        if key is not None:
            self.menu_wanted.emit(key, event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _STEPS and self._keys:
            self._step(*_STEPS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self._current is not None:
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._show_tip(event)
            return True
        return super().viewportEvent(event)

    def _paint_item(self, painter: QPainter, key: str, cell: QRectF) -> None:
        square = QRectF(cell.x(), cell.y(), self._side, self._side)
        image = self._images.get(key)
        if image is None:
            paint_missing(painter, square, self._theme.colours.sunken)
        else:
            paint_picture(painter, square, image)
        current = key == self._current
        if current:
            painter.setPen(QPen(self._theme.colour("accent"), 3 if self.hasFocus() else 2))
            painter.drawRect(square.adjusted(1, 1, -1, -1))
        painter.setPen(self._theme.colour("text" if current else "quiet"))
        caption = QRectF(cell.x(), square.bottom() + 2, cell.width(), cell.height() - self._side)
        text = painter.fontMetrics().elidedText(
            self._caption(key), Qt.TextElideMode.ElideRight, int(cell.width())
        )
        painter.drawText(caption, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextSingleLine, text)

    def _caption(self, key: str) -> str:
        return self._captions.get(key) or key.rpartition("/")[2]

    def _step(self, columns: int, rows: int) -> None:
        keys = self._keys
        start = keys.index(self._current) if self._current in keys else None
        index = 0 if start is None else self.geometry_now().moved(start, columns, rows)
        self._pick(keys[index])
        self._scroll_to(index)

    def _pick(self, key: str) -> None:
        self.set_current(key)
        self.picked.emit(key)

    def _scroll_to(self, index: int) -> None:
        _, y, _, height = self.geometry_now().cell(index)
        bar = self.verticalScrollBar()
        bar.setValue(int(min(max(bar.value(), y + height - self.viewport().height()), y)))

    def _show_tip(self, event: QHelpEvent) -> None:
        position: QPoint = event.pos()
        index = self.geometry_now().cell_at(position.x(), position.y() + self.verticalScrollBar().value())
        text = "" if index is None else f"{self._caption(self._keys[index])}\n{self._keys[index]}"
        QToolTip.showText(event.globalPos(), plain_tip(text), self.viewport())

    def _measure(self) -> None:
        bar = self.verticalScrollBar()
        hidden = self.geometry_now().height - self.viewport().height()
        bar.setRange(0, max(0, int(hidden + 0.999)))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self._side // 2)
        self._ask.start()

    def _on_scrolled(self) -> None:
        self._ask.start()
        self._repaint()

    def _announce_missing(self) -> None:
        top = self.verticalScrollBar().value()
        seen = [self._keys[i] for i in self.geometry_now().visible(top, top + self.viewport().height())]
        for key in seen:
            if key in self._images:
                self._images.move_to_end(key)
        missing = tuple(key for key in seen if key not in self._images)
        if missing and missing != self._asked:
            self._asked = missing
            self.missing_seen.emit(missing)

    def _repaint(self) -> None:
        self.viewport().update()
