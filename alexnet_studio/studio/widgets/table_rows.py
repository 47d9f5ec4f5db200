"""The rows behind a table, and their text form."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from alexnet_studio.studio.widgets.elided_label import plain_tip

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class Column:
    """`rank` 0 stays, the highest leaves first where the room is short; `bar` draws the row's share."""

    title: str
    numeric: bool = False
    quiet: bool = False
    middle: bool = False  # elide paths in the middle: their end tells most
    rank: int = 0
    bar: bool = False
    bar_px: int = 96
    shared: bool = False  # long texts: such columns share what the others leave, elided
    letters: int = 12  # of the first column: so many are seen before others leave
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One text a column; `bar` is a share in 0..1; a `strong` row is a total."""

    cells: tuple[str, ...]
    bar: float | None = None
    strong: bool = False


class RowsModel(QAbstractTableModel):
    # Defaults on the class: a header that is being destroyed still asks, after Python has cleared the instance.
    columns: tuple[Column, ...] = ()
    rows: tuple[Row, ...] = ()

    def __init__(self, columns: tuple[Column, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def set_columns(self, columns: tuple[Column, ...]) -> None:
        self.beginResetModel()
        self.columns, self.rows = columns, ()
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        text = self.rows[index.row()].cells[index.column()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal or section >= len(self.columns):
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.tip)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


def as_tsv(columns: tuple[Column, ...], rows: tuple[Row, ...]) -> str:
    """Tab-separated; a cell that a spreadsheet would run as a formula is quoted with an apostrophe."""
    shown = [index for index, column in enumerate(columns) if not column.bar]
    lines = [[columns[index].title for index in shown]]
    lines += [[_harmless(row.cells[index]) for index in shown] for row in rows]
    return "\n".join("\t".join(line) for line in lines)


def _harmless(cell: str) -> str:
    flat = cell.replace("\t", " ").replace("\n", " ")
    return f"'{flat}" if flat.startswith(("=", "+", "-", "@")) else flat
