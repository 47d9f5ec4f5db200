"""A small table of numbers that can be changed, with the cells in a window marked."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.example import CellsView

_CELL_PX = (38, 22)
_WIDE_PX = 54  # of a single row, whose numbers have decimals


class NumberTable(QTableWidget):
    """`edited` carries row, column and what was typed, `picked` row and column; both count from the map's corner."""

    edited = Signal(int, int, str)
    picked = Signal(int, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = CellsView()
        self._filling = False
        for header, side in ((self.horizontalHeader(), _CELL_PX[0]), (self.verticalHeader(), _CELL_PX[1])):
            header.setVisible(False)
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setMinimumSectionSize(16)
            header.setDefaultSectionSize(side)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)  # Tab leaves the table
        self.setShowGrid(True)
        self.itemChanged.connect(self._on_changed)
        self.currentCellChanged.connect(self._on_current)
        theme.changed.connect(lambda: self.show_view(self._view))

    def show_view(self, view: CellsView) -> None:
        self._view = view
        self._filling = True
        rows, columns = len(view.rows), len(view.rows[0]) if view.rows else 0
        self.setRowCount(rows)
        self.setColumnCount(columns)
        for row, texts in enumerate(view.rows):
            for column, text in enumerate(texts):
                self._fill(row, column, text)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AllEditTriggers
            if view.editable
            else QAbstractItemView.EditTrigger.NoEditTriggers
        )
        # One pixel more for the grid's last line.
        across = _WIDE_PX if rows == 1 else _CELL_PX[0]
        self.horizontalHeader().setDefaultSectionSize(across)
        self.setFixedSize(columns * across + 1, rows * _CELL_PX[1] + 1)
        self.setVisible(bool(view.rows))
        self._filling = False

    def _fill(self, row: int, column: int, text: str) -> None:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
            self.setItem(row, column, item)
        outside = self._is_outside(row, column)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsEditable if self._view.editable and not outside else flags)
        item.setText(text)
        marked = (row, column) in self._view.marked
        ground = "accent_soft" if marked else "sunken" if outside else "raised"
        item.setBackground(QBrush(self._theme.colour(ground)))
        item.setForeground(QBrush(self._theme.colour("quiet" if outside else "text")))
        font = self._theme.font(-0.5, bold=marked and not outside)
        item.setFont(font)

    def _is_outside(self, row: int, column: int) -> bool:
        before, behind = self._view.before, self._view.behind
        height, width = len(self._view.rows), len(self._view.rows[0])
        flat = height == 1
        return not ((flat or before <= row < height - behind) and before <= column < width - behind)

    def _on_changed(self, item: QTableWidgetItem) -> None:
        if not self._filling:
            before = self._view.before
            typed = item.text()
            # What could not be taken is shown as it was.
            view = self._view
            self.edited.emit(item.row() - before, item.column() - before, typed)
            if self._view is view:
                self.show_view(view)

    def _on_current(self, row: int, column: int, _row: int, _column: int) -> None:
        if not self._filling and row >= 0:
            self.picked.emit(row - self._view.before, column - self._view.before)
