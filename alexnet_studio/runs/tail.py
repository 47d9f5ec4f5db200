"""The end of a run's history without the rest of it, and the row of one epoch wherever it stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, Any

from alexnet_studio.runs.rows import Epoch, Row, Started, Step, from_json

_TAIL_BYTES = 6_144  # about 40 rows
_BLOCK_BYTES = 4_096


def whole_rows(lines: Sequence[bytes]) -> tuple[Row, ...]:
    """The rows among `lines`; one that is cut, or of another program, is no row."""
    return tuple(row for row in map(_row, lines) if row is not None)


class Tail:
    """`rows` are the last whole rows of the history, all of it when it is short; none where there is no file.

    Raises OSError when the file is there and cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows: tuple[Row, ...] = ()
        self.is_all = True
        self.size = 0
        try:
            with path.open("rb") as file:
                self.size = file.seek(0, 2)
                start = max(0, self.size - _TAIL_BYTES)
                file.seek(start)
                lines = file.read().split(b"\n")
        except FileNotFoundError:
            return
        self.is_all = start == 0
        # The first line may have begun before, and what stands after the last newline is still being written.
        self.rows = whole_rows(lines[0 if self.is_all else 1 : -1])

    def epochs(self) -> tuple[Epoch, ...]:
        """Every epoch's row: the whole file is read where the tail is not all of it."""
        if self.is_all:
            return tuple(row for row in self.rows if isinstance(row, Epoch))
        with self._path.open("rb") as file:
            return _epochs(file)

    def epoch(self, number: int) -> Epoch | None:
        """The row of epoch `number`, found by halving: rows stand in the order of their steps."""
        found = _epoch_among(self.rows, number)
        if found is not None or self.is_all:
            return found
        with self._path.open("rb") as file:
            low, high = 0, self.size
            while high - low > _BLOCK_BYTES:
                middle = (low + high) // 2
                if _is_before(file, middle, number):
                    low = middle
                else:
                    high = middle
            file.seek(low)
            lines = file.read(high - low + 2 * _BLOCK_BYTES).split(b"\n")
        return _epoch_among(_epochs(lines), number)


def _is_before(file: IO[bytes], place: int, number: int) -> bool:
    """Whether the row of epoch `number` comes after the first row that begins behind `place`."""
    file.seek(place)
    file.readline()
    for line in file.read(_BLOCK_BYTES // 2).split(b"\n"):
        row = _row(line)
        if isinstance(row, Epoch | Started):
            return row.epoch < number
        if isinstance(row, Step):
            return row.epoch <= number  # it is of the epoch under way, whose row comes later
    return False


def _epochs(lines: Iterable[bytes]) -> tuple[Epoch, ...]:
    # By their beginning, as `runs.rows.as_json` writes it: reading all the others would take ten times as long.
    rows = whole_rows([line for line in lines if line.startswith(b'{"event": "epoch"')])
    return tuple(row for row in rows if isinstance(row, Epoch))


def _epoch_among(rows: Sequence[Row], number: int) -> Epoch | None:
    return next((row for row in reversed(rows) if isinstance(row, Epoch) and row.epoch == number), None)


def _row(line: bytes) -> Row | None:
    try:
        document: Any = json.loads(line)
        return from_json(document)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
