"""`metrics.jsonl`: the rows of a run, one JSON object a line, in the order in which they happened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import Any

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error, write_text
from alexnet_studio.runs.rows import Epoch, Row, as_json, from_json


class History:
    """One writer appends; any number of readers may read meanwhile and simply miss a line that is still being
    written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._mended = False
        self._sound: int | None = None  # bytes, where an append failed: what stands behind may be half a line

    def append(self, row: Row) -> None:
        """One whole line, flushed to the system: a killed process loses nothing. Raises `Failed`
        ("disk_full", ...).

        The file is opened anew each time (about 30 us), so that one that was deleted meanwhile comes back.
        """
        try:
            if not self._mended:
                self._drop_torn_tail()
            with file_ops.current().open(self.path, "ab") as file:
                self._sound = file.tell()
                file.write(_line(row).encode("utf-8"))
            self._sound = None
        except OSError as error:
            self._mended = False  # a full disk may have taken half of the line
            raise as_studio_error(error, self.path) from error

    def read(self) -> tuple[Row, ...]:
        """All rows; none when there is no file yet. Raises `BadInput` ("history_damaged",
        "history_unreadable").
        """
        return tuple(self._rows())

    def cut(self, step: int, epochs: int) -> None:
        """Drop what happened after a checkpoint that knows `step` updates and `epochs` whole epochs.

        Both count: a run that was killed after the row of an epoch and before its checkpoint validates again
        at the same step, and notes again what it noted then.
        """
        known = takewhile(
            lambda row: row.step <= step and not (isinstance(row, Epoch) and row.epoch > epochs), self._rows()
        )
        write_text(self.path, "".join(map(_line, known)))

    def _rows(self) -> Iterator[Row]:
        try:
            lines = self.path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return
        except OSError as error:
            raise unreadable(self.path, error) from error
        # What stands after the last newline is empty, or torn by a kill or a power cut.
        for number, line in enumerate(lines[:-1], start=1):
            yield self._row(line, number)

    def _row(self, line: bytes, number: int) -> Row:
        try:
            document: Any = json.loads(line)
            return from_json(document)
        except (ValueError, TypeError, AttributeError, RecursionError) as error:
            raise damaged(self.path, number) from error

    def _drop_torn_tail(self) -> None:
        if self.path.exists():
            with file_ops.current().open(self.path, "r+b") as file:
                content = file.read(-1 if self._sound is None else self._sound)
                file.truncate(content.rfind(b"\n") + 1)
        self._mended = True


def unreadable(path: Path, error: OSError) -> BadInput:
    return BadInput(
        "history_unreadable",
        "{path} cannot be read ({reason}). Check its permissions.",
        path=str(path),
        reason=error.strerror or type(error).__name__,
    )


def damaged(path: Path, line: int) -> BadInput:
    return BadInput(
        "history_damaged",
        "Line {line} of {path} is damaged. Restore the file from a copy, or remove that line.",
        line=line,
        path=str(path),
    )


def _line(row: Row) -> str:
    return json.dumps(as_json(row), ensure_ascii=False, allow_nan=False) + "\n"
