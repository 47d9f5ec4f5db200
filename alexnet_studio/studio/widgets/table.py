"""A quiet table: no frames, numbers right-aligned, one row selected, columns that leave when the room is short."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.table_rows import Column, Row, RowsModel, as_tsv

_MEASURED_ROWS = 500  # the widest number is looked for in so many rows; tables may hold 10,000
_BAR_PX = 6
_LONGEST_NAME = 0.4  # of the room, while there are bars to show
_LONGEST_BAR_PX = 320
_LEAST_SHARED_PX = 120
_COLUMN_GAP_PX = 12
_DELTA = -0.5  # points: tables hold much in little room
_INSET_PX = 4  # of texts, from the edge of their cell; the style sheet gives the same to the header


class Table(QTableView):
    """`picked` is the row that a person chose by mouse or arrow keys; `select` sets one without a signal.

    With `several`, more than one row can be selected, and `sorting_picked` is the column whose head was clicked.
    """

    picked = Signal(int)
    selection_moved = Signal()
    sorting_picked = Signal(int)
    _built = False  # QTableView's constructor already calls resizeEvent

    def __init__(
        self, theme: Theme, columns: Sequence[Column], parent: QWidget | None = None, *, several: bool = False
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._several = several
        self._columns = tuple(columns)
        self._rows = RowsModel(self._columns, self)
        self._silent = False
        self._absent: frozenset[int] = frozenset()
        self.setModel(self._rows)
        self.setItemDelegate(_Cells(theme, self._rows, self))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.ExtendedSelection if several else mode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.horizontalHeader().setSectionsClickable(several)
        if several:
            self.horizontalHeader().sectionClicked.connect(self.sorting_picked)
        self.horizontalHeader().setMinimumSectionSize(8)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        self.selectionModel().selectionChanged.connect(lambda: self.selection_moved.emit())
        self._built = True
        self._restyle()
        theme.changed.connect(self._restyle)

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Keeps the selected row's number and the scroll position."""
        current, scroll = self.currentIndex().row(), self.verticalScrollBar().value()
        self._silent = True
        self._rows.set_rows(tuple(rows))
        self._silent = False
        self._fit_columns()
        self.select(current if current < len(rows) else None)
        self.verticalScrollBar().setValue(scroll)

    def set_columns(self, columns: Sequence[Column]) -> None:
        """Other headings for as many columns."""
        if tuple(columns) != self._columns:
            self._columns = tuple(columns)
            self._rows.set_columns(self._columns)

    def select(self, row: int | None) -> None:
        self._silent = True
        if row is None or row < 0:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            self.selectRow(row)
        self._silent = False

    def selected(self) -> tuple[int, ...]:
        """The selected rows from top to bottom."""
        return tuple(sorted(index.row() for index in self.selectionModel().selectedRows()))

    def select_several(self, rows: Sequence[int]) -> None:
        self._silent = True
        self.clearSelection()
        selection = self.selectionModel()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row in rows:
            selection.select(self._rows.index(row, 0), flags)
        if rows:
            selection.setCurrentIndex(
                self._rows.index(rows[0], 0), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        self._silent = False

    def is_selected(self, row: int) -> bool:
        if self._several:
            return self.selectionModel().isRowSelected(row)
        return row == self.currentIndex().row()

    def set_absent(self, columns: frozenset[int]) -> None:
        """Columns that have nothing to say for these rows."""
        if columns != self._absent:
            self._absent = columns
            self._fit_columns()

    def texts(self) -> list[list[str]]:
        """What can be read, row by row, without the header."""
        return [list(row.cells) for row in self._rows.rows]

    def as_text(self) -> str:
        """Header and rows separated by tabs, as spreadsheets paste them."""
        return as_tsv(self._columns, self._rows.rows)

    def limit_height(self, most_px: int) -> None:
        """As high as its rows, but not more than `most_px`."""
        rows = self.horizontalHeader().sizeHint().height() + self._rows.rowCount() * self._row_px() + 2
        self.setMinimumHeight(min(rows, 4 * self._row_px()))
        self.setMaximumHeight(min(rows, most_px))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._built:
            self._fit_columns()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        # A click on the row that is current already is still a pick.
        before = self.currentIndex().row()
        super().mousePressEvent(event)
        row = self.indexAt(event.position().toPoint()).row()
        if row >= 0 and row == before:
            self.picked.emit(row)

    def _on_current_changed(self, current: QModelIndex) -> None:
        if not self._silent and current.isValid():
            self.picked.emit(current.row())

    def _fit_columns(self) -> None:
        """Late columns leave until the name has room for some letters; bars, then the name, take what is left."""
        widths = {index: self._wanted_width(index) for index in self._present()}
        room = self.viewport().width()
        name = min(widths[0], self.fontMetrics().horizontalAdvance("x" * self._columns[0].letters))
        for index in sorted(set(widths) - {0}, key=lambda i: -self._columns[i].rank):
            if (
                name + sum(self._least(i, widths[i]) for i in widths if i) <= room
                or self._columns[index].rank == 0
            ):
                break
            del widths[index]
        # One name of 200 letters shall not take the bars from all the others.
        others = sum(self._least(i, widths[i]) for i in widths if i)
        widths[0] = min(widths[0], max(name, min(int(_LONGEST_NAME * room), room - others)))
        widths.update(self._shared(widths, room))
        left = room - sum(widths.values())
        bars = [index for index in widths if self._columns[index].bar]
        if left > 0 and bars:
            more = min(left, max(0, _LONGEST_BAR_PX - widths[bars[0]]))
            widths[bars[0]] += more
            left -= more
        shared = [index for index in widths if self._columns[index].shared]
        # What is still left makes the name column wide, or the last text where there are long ones.
        last = shared[-1] if shared else 0
        widths[last] = max(24, widths[last] + left)
        for index in range(len(self._columns)):
            self.setColumnHidden(index, index not in widths)
            if index in widths:
                self.setColumnWidth(index, widths[index])

    def _least(self, index: int, wanted: int) -> int:
        """Of long texts the beginning is worth seeing, too."""
        return min(wanted, _LEAST_SHARED_PX) if self._columns[index].shared else wanted

    def _shared(self, widths: dict[int, int], room: int) -> dict[int, int]:
        """Columns of long texts: each gets an equal part, and what one does not need goes to the next."""
        waiting = sorted((i for i in widths if self._columns[i].shared), key=lambda i: widths[i])
        left = room - sum(width for i, width in widths.items() if i not in waiting)
        given: dict[int, int] = {}
        for place, index in enumerate(waiting):
            given[index] = max(24, min(widths[index], left // (len(waiting) - place)))
            left -= given[index]
        return given

    def _present(self) -> list[int]:
        return [index for index in range(len(self._columns)) if index not in self._absent]

    def _wanted_width(self, index: int) -> int:
        column = self._columns[index]
        if column.bar:
            return column.bar_px + 2 * GRID_PX
        metrics = QFontMetrics(self._theme.font(_DELTA, bold=True))
        texts = {row.cells[index] for row in self._rows.rows[:_MEASURED_ROWS]}
        texts |= {row.cells[index] for row in self._rows.rows[-1:]} | {column.title}
        return max(metrics.horizontalAdvance(text) for text in texts) + _COLUMN_GAP_PX

    def _row_px(self) -> int:
        return QFontMetrics(self._theme.font(_DELTA)).height() + GRID_PX + 2

    def _restyle(self) -> None:
        self.setFont(self._theme.font(_DELTA))
        self.horizontalHeader().setFont(self._theme.font(-1.0))
        self.verticalHeader().setDefaultSectionSize(self._row_px())
        self.setMinimumHeight(4 * self._row_px())
        self._fit_columns()
        self.viewport().update()


class _Cells(QStyledItemDelegate):
    """Paints text, bars and the selected row; nothing is parsed, nothing has a frame."""

    def __init__(self, theme: Theme, rows: RowsModel, table: Table) -> None:
        super().__init__(table)
        self._theme = theme
        self._rows = rows
        self._table = table

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row, column = self._rows.rows[index.row()], self._rows.columns[index.column()]
        rect: QRect = option.rect
        selected = self._table.is_selected(index.row())
        if selected:
            painter.fillRect(rect, self._theme.colour("accent_soft"))
            if index.column() == 0 and self._table.hasFocus():
                painter.fillRect(QRect(rect.x(), rect.y(), 2, rect.height()), self._theme.colour("accent"))
        if row.strong:
            painter.fillRect(QRect(rect.x(), rect.y(), rect.width(), 1), self._theme.colour("line"))
        if column.bar:
            self._paint_bar(painter, rect, row.bar)
            return
        painter.setFont(self._theme.font(_DELTA, bold=row.strong))
        painter.setPen(self._theme.colour("quiet" if column.quiet else "text"))
        inner = rect.adjusted(_INSET_PX, 0, -_INSET_PX, 0)
        mode = Qt.TextElideMode.ElideMiddle if column.middle else Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(row.cells[index.column()], mode, inner.width())
        side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

    def _paint_bar(self, painter: QPainter, rect: QRect, share: float | None) -> None:
        if share is None or share <= 0:
            return
        full = rect.width() - 2 * GRID_PX
        length = max(1, round(full * min(share, 1.0)))
        top = rect.center().y() - _BAR_PX // 2 + 1
        painter.fillRect(QRect(rect.x() + GRID_PX, top, length, _BAR_PX), self._theme.colour("accent_weak"))
