"""The columns of the list of runs, and the list in the order and with the words that a person has asked for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio.views.runs import RunRow
from alexnet_studio.studio.widgets.table_rows import Column

CREATED = 9  # the column that sorts at first, the newest above
_ASCENDING = frozenset({0, 1, 2, 3})  # texts; numbers begin with the largest


def run_columns() -> tuple[Column, ...]:
    return (
        Column(QCoreApplication.translate("Runs", "run"), middle=True, letters=24),
        Column(QCoreApplication.translate("Runs", "network"), rank=5),
        Column(QCoreApplication.translate("Runs", "images"), rank=6, quiet=True),
        Column(QCoreApplication.translate("Runs", "state"), rank=1),
        Column(QCoreApplication.translate("Runs", "epochs"), numeric=True, rank=2),
        Column(
            QCoreApplication.translate("Runs", "best top-1"),
            numeric=True,
            tip=QCoreApplication.translate("Runs", "share of the validation images, in the best epoch"),
        ),
        Column(QCoreApplication.translate("Runs", "in epoch"), numeric=True, quiet=True, rank=7),
        Column(
            QCoreApplication.translate("Runs", "loss"),
            numeric=True,
            rank=4,
            tip=QCoreApplication.translate("Runs", "of the last training step"),
        ),
        Column(QCoreApplication.translate("Runs", "size"), numeric=True, quiet=True, rank=8),
        Column(QCoreApplication.translate("Runs", "created"), quiet=True, rank=3),
    )


class Order:
    """Which column sorts, and in which direction: a second click on its head turns it round."""

    def __init__(self) -> None:
        self.column = CREATED
        self.descending = True

    def pick(self, column: int) -> None:
        self.descending = not self.descending if column == self.column else column not in _ASCENDING
        self.column = column

    def arranged(self, rows: Sequence[RunRow], words: str) -> list[RunRow]:
        """Rows whose texts hold every one of `words`, sorted; equal ones stay as they came."""
        wanted = words.casefold().split()
        kept = [row for row in rows if _holds(row, wanted)]
        return sorted(kept, key=lambda row: row.keys[self.column], reverse=self.descending)


def _holds(row: RunRow, wanted: Sequence[str]) -> bool:
    text = " ".join(row.cells).casefold()
    return all(word in text for word in wanted)
