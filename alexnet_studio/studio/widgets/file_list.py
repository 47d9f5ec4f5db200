"""Files below each other, each with its picture or its kind, its path and a remark; only what is visible is made."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.file_icon import paint_file
from alexnet_studio.studio.widgets.picture import image_of, paint_picture

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_PICTURE_PX = 40
_KEPT = 400
_ASK_AFTER_MS = 30  # scrolling asks once when it rests
_LEAST_ROWS = 1


@dataclass(frozen=True, slots=True)
class FileRow:
    """`kind` is written on the icon that stands for a picture; `has_picture` where one can be asked for."""

    path: str
    remark: str
    kind: str = ""
    has_picture: bool = False


class FileList(QListView):
    """`missing_seen` names the visible paths whose pictures are not there yet."""

    missing_seen = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._files = _Files(self)
        self.images: OrderedDict[str, QImage] = OrderedDict()
        self._asked: tuple[str, ...] = ()
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(_ASK_AFTER_MS)
        self._ask.timeout.connect(self._announce_missing)
        self.setModel(self._files)
        self.setItemDelegate(_Lines(theme, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(lambda: self._ask.start())
        theme.changed.connect(lambda: self.viewport().update())

    def set_rows(self, rows: tuple[FileRow, ...]) -> None:
        self._files.set_rows(rows)
        self._asked = ()
        self._ask.start()

    def rows(self) -> tuple[FileRow, ...]:
        return self._files.rows

    def set_pixels(self, path: str, pixels: NDArray[np.uint8]) -> None:
        if path in self._files.pictured:
            self.images[path] = image_of(pixels)
            self.images.move_to_end(path)
            while len(self.images) > _KEPT:
                self.images.popitem(last=False)
            self.viewport().update()

    def as_text(self) -> str:
        """Tab-separated, a line a file."""
        return "\n".join(f"{row.path}\t{row.remark}" for row in self._files.rows)

    def row_px(self) -> int:
        return _PICTURE_PX + GRID_PX

    def limit_height(self, most_px: int) -> None:
        """As high as its rows, but not more than `most_px`."""
        wanted = len(self._files.rows) * self.row_px() + 2
        self.setMinimumHeight(min(wanted, _LEAST_ROWS * self.row_px()))
        self.setMaximumHeight(min(wanted, most_px))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._ask.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask.start()

    def _announce_missing(self) -> None:
        if not self.isVisible():
            return
        first = max(0, self.indexAt(self.viewport().rect().topLeft()).row())
        count = self.viewport().height() // self.row_px() + 2
        seen = [row.path for row in self._files.rows[first : first + count] if row.has_picture]
        missing = tuple(path for path in seen if path not in self.images)
        if missing and missing != self._asked:
            self._asked = missing
            self.missing_seen.emit(missing)


class _Files(QAbstractListModel):
    # Defaults on the class: a view that is being destroyed still asks, after Python has cleared the instance.
    rows: tuple[FileRow, ...] = ()
    pictured: frozenset[str] = frozenset()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)

    def set_rows(self, rows: tuple[FileRow, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.pictured = frozenset(row.path for row in rows if row.has_picture)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{row.path}: {row.remark}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(f"{row.path}: {row.remark}")
        return None


class _Lines(QStyledItemDelegate):
    def __init__(self, theme: Theme, files: FileList) -> None:
        super().__init__(files)
        self._theme = theme
        self._list = files

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        _ = option, index
        return QSize(8 * _PICTURE_PX, self._list.row_px())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = self._list.rows()[index.row()]
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, self._theme.colour("accent_soft"))
        square = QRectF(rect.x() + GRID_PX / 2, rect.y() + GRID_PX / 2, _PICTURE_PX, _PICTURE_PX)
        image = self._list.images.get(row.path)
        if image is None:
            paint_file(painter, square, row.kind, self._theme)
        else:
            paint_picture(painter, square, image)
        left = round(square.right()) + GRID_PX
        for number, (text, colour, mode) in enumerate(
            (
                (row.path, "text", Qt.TextElideMode.ElideMiddle),
                (row.remark, "quiet", Qt.TextElideMode.ElideRight),
            )
        ):
            painter.setFont(self._theme.font(-0.5))
            metrics = QFontMetrics(painter.font())
            top = rect.center().y() - metrics.height() + number * metrics.height() + 1
            line = QRect(left, top, rect.right() - left - GRID_PX, metrics.height())
            painter.setPen(self._theme.colour(colour))
            shown = metrics.elidedText(text, mode, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
