"""The classes of an evaluation as a table, sorted by any column: the hardest stand first."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.evaluation import ScoreRow
from alexnet_studio.studio.widgets.table import Table
from alexnet_studio.studio.widgets.table_rows import Column, Row

_RECALL = 3
_TEXTS = frozenset({0, 7})


class ClassScores(QWidget):
    """`class_picked` carries a class' number."""

    class_picked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ScoreRow, ...] = ()
        self._is_stale = False
        self._order: tuple[int, bool] = (_RECALL, False)  # column, descending
        self.table = Table(theme, _columns(), several=True)
        self.table.setAccessibleName(QCoreApplication.translate("Evaluation", "Classes"))
        self.table.sorting_picked.connect(self._sort)
        self.table.picked.connect(self._on_picked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.table)

    def show_rows(self, rows: tuple[ScoreRow, ...]) -> None:
        self._rows = rows
        self._is_stale = (
            not self.isVisible()
        )  # a thousand rows that nobody sees are laid out when somebody does
        if not self._is_stale:
            self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._is_stale = False
            self._arrange()

    def _sort(self, column: int) -> None:
        before, descending = self._order
        self._order = (column, not descending if column == before else False)
        self._arrange()

    def _arrange(self) -> None:
        column, descending = self._order
        self._rows = tuple(sorted(self._rows, key=lambda row: row.keys[column], reverse=descending))
        self.table.set_rows([Row(row.cells, bar=row.share) for row in self._rows])
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(column, order)
        self.table.horizontalHeader().setSortIndicatorShown(True)

    def _on_picked(self, row: int) -> None:
        if 0 <= row < len(self._rows):
            self.class_picked.emit(self._rows[row].label)


def _columns() -> tuple[Column, ...]:
    return (
        Column(QCoreApplication.translate("Evaluation", "class")),
        Column("", bar=True, rank=4, bar_px=60),
        Column(QCoreApplication.translate("Evaluation", "images"), numeric=True, rank=2),
        Column(
            QCoreApplication.translate("Evaluation", "right"),
            numeric=True,
            tip=QCoreApplication.translate("Evaluation", "accuracy of the class, which is its recall"),
        ),
        Column(QCoreApplication.translate("Evaluation", "top-5"), numeric=True, rank=6, quiet=True),
        Column(
            QCoreApplication.translate("Evaluation", "precision"),
            numeric=True,
            rank=3,
            tip=QCoreApplication.translate(
                "Evaluation", "of the images that were taken for it, the share that is"
            ),
        ),
        Column(QCoreApplication.translate("Evaluation", "F1"), numeric=True, rank=1),
        Column(QCoreApplication.translate("Evaluation", "taken for"), rank=5, quiet=True),
    )
