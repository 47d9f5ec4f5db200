"""Rows on their way to the consumer and into `metrics.jsonl`, whose loss must not stop a training."""

from __future__ import annotations

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Note, Row


class Journal:
    """Writes rows; the first time that this is impossible a note is handed on as well, and the training goes
    on.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._complained = False
        self._waiting: list[Row] = []  # a disk that was full for a while costs no rows

    def written(self, row: Row) -> tuple[Row, ...]:
        """`row`, behind a note when for the first time it could not be written; `Ended` stays the last event."""
        self._waiting.append(row)
        try:
            while self._waiting:
                self._history.append(self._waiting[0])
                del self._waiting[0]
        except StudioError as error:
            if self._complained:
                return (row,)
            self._complained = True
            return (
                Note(row.step, "history_not_written", f"The curves are not being saved: {error.sentence}"),
                row,
            )
        return (row,)
