"""`metrics.columns`: what `metrics.jsonl` says, ready to be mapped. It can be deleted at any time.

One line of JSON, then the columns of the steps as little-endian float64, one after the other. It speaks for the first
`size` bytes of the history only, and only while the beginning and the end of these are what they were.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.files import write_atomic
from alexnet_studio.runs.log import STEP_COLUMNS, Log
from alexnet_studio.runs.rows import as_json, from_json
from alexnet_studio.runs.table import Floats

_VERSION = 1
_END_BYTES = 65_536
_LONGEST_HEAD = 1 << 26


@dataclass(frozen=True, slots=True)
class Covered:
    """The part of a history that was read: its first `size` bytes, which are `lines` lines.

    `file_size` and `modified_ns` are the whole file's at that time: the same size at another time is an edited file.
    """

    size: int
    lines: int
    file_size: int
    modified_ns: int
    digest: str

    def still_holds(self, metrics: Path) -> bool:
        """Raises OSError."""
        stat = metrics.stat()
        if stat.st_size < self.size or (
            stat.st_size == self.file_size and stat.st_mtime_ns != self.modified_ns
        ):
            return False
        with metrics.open("rb") as file:
            return digest_of(file, self.size) == self.digest


def digest_of(file: IO[bytes], size: int) -> str:
    """Of the first and the last 64 KiB of the first `size` bytes."""
    file.seek(0)
    digest = hashlib.blake2b(file.read(min(size, _END_BYTES)), digest_size=16)
    file.seek(max(0, size - _END_BYTES))
    digest.update(file.read(min(size, _END_BYTES)))
    return digest.hexdigest()


def save(cache: Path, covered: Covered, log: Log) -> None:
    """A folder that cannot be written to has no cache, and nobody is told."""
    columns = np.ascontiguousarray(log.steps, dtype="<f8")
    head = {
        "version": _VERSION,
        "covered": asdict(covered),
        "columns": STEP_COLUMNS,
        "rows": columns.shape[1],
        "check": zlib.crc32(columns.data),
        "others": [[before, as_json(row)] for before, row in log.others],
        "damaged": log.damaged,
    }
    line = json.dumps(head, ensure_ascii=False).encode() + b"\n"

    def write(file: IO[bytes]) -> None:
        file.write(line)
        file.write(columns.data)

    with contextlib.suppress(StudioError):
        write_atomic(cache, write)


def load(cache: Path, metrics: Path) -> tuple[Covered, Log] | None:
    """None when there is no cache, when it is damaged, or when it is not of this history."""
    try:
        with cache.open("rb") as file:
            head: dict[str, Any] = json.loads(file.readline(_LONGEST_HEAD))
            covered = Covered(**head["covered"])
            if head["version"] != _VERSION or tuple(head["columns"]) != STEP_COLUMNS:
                return None
            if not covered.still_holds(metrics):
                return None
            columns = _columns(file, cache.stat().st_size - file.tell(), int(head["rows"]))
            if columns is None or zlib.crc32(columns.data) != head["check"]:
                return None
        others = tuple((int(before), from_json(row)) for before, row in head["others"])
        return covered, Log(columns.astype(np.float64, copy=False), others, tuple(map(int, head["damaged"])))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _columns(file: IO[bytes], size: int, rows: int) -> Floats | None:
    # Compared before anything is allocated: a false number of rows must not fill the memory.
    if rows < 0 or size != 8 * rows * len(STEP_COLUMNS):
        return None
    return np.frombuffer(bytearray(file.read(size)), "<f8").reshape(len(STEP_COLUMNS), rows)
