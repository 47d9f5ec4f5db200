"""Reading a history that may be long and may still be growing: each time only what is new."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import IO

import numpy as np

from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs import column_cache
from alexnet_studio.runs.column_cache import Covered, digest_of
from alexnet_studio.runs.history import unreadable
from alexnet_studio.runs.log import STEP_COLUMNS, Log, parsed
from alexnet_studio.runs.rows import Row
from alexnet_studio.runs.table import Table

_BLOCK_BYTES = 1 << 20  # 15 ms of parsing, during which no other thread gets its turn
_WORTH_CACHING = 5_000  # rows: fewer are parsed sooner than a second file is opened
_ROW_BYTES = 256
_HEAD_BYTES = 16_384


class LogReader:
    """Reads `metrics`, a run's `metrics.jsonl`. A torn last line is left for the next time.

    `generation` grows when what was read before turned out to be no longer there: a resumed run cuts its history, and
    a person may edit it.
    """

    def __init__(self, metrics: Path) -> None:
        self._metrics = metrics
        self._cache = metrics.with_suffix(".columns")
        self.generation = 0
        self._begin()

    def read(self) -> Generator[Progress, None, Log]:
        """What is in the file by now. Raises `BadInput` ("history_unreadable")."""
        try:
            yield from self._follow()
        except FileNotFoundError:
            if self._covered.size:
                self._begin_anew()
        except OSError as error:
            raise unreadable(self._metrics, error) from error
        return self._log()

    def now(self) -> Log:
        """As `read`, without its progress."""
        events = self.read()
        while True:
            try:
                next(events)
            except StopIteration as end:
                return end.value

    def is_quick(self) -> bool:
        """Whether `read` takes less than about half a second: the file is short, or there is a cache of it."""
        try:
            size = self._metrics.stat().st_size
            self._take_cache(size)
        except OSError:
            return True
        return size - self._covered.size < 10 * _BLOCK_BYTES

    def tail(self, steps: int) -> Log:
        """The last `steps` steps and what stands between them, and the first rows that are no steps.

        Raises `BadInput` ("history_unreadable").
        """
        try:
            with self._metrics.open("rb") as file:
                size = file.seek(0, 2)
                return _tail(file, size, steps)
        except FileNotFoundError:
            return Log(np.empty((len(STEP_COLUMNS), 0)))
        except OSError as error:
            raise unreadable(self._metrics, error) from error

    def _follow(self) -> Generator[Progress]:
        stat = self._metrics.stat()
        self._take_cache(stat.st_size)
        if self._covered.size and not self._covered.still_holds(self._metrics):
            self._begin_anew()
        offset, lines = self._covered.size, self._covered.lines
        with self._metrics.open("rb") as file:
            file.seek(offset)
            while block := _whole_lines(file, stat.st_size - offset):
                self._take(parsed(block, lines + 1))
                offset += len(block)
                lines += block.count(b"\n")
                yield Progress("open", offset, stat.st_size)
            if offset != self._covered.size or not self._covered.digest:
                digest = digest_of(file, offset)
                self._covered = Covered(offset, lines, stat.st_size, stat.st_mtime_ns, digest)
        if len(self._steps) >= max(_WORTH_CACHING, self._cached_rows * 1.1):
            self._cached_rows = len(self._steps)
            column_cache.save(self._cache, self._covered, self._log())

    def _take_cache(self, size: int) -> None:
        if self._covered.size or size < _WORTH_CACHING * 64:
            return
        found = column_cache.load(self._cache, self._metrics)
        if found is not None:
            self._covered, log = found
            self._steps = Table(STEP_COLUMNS, log.steps)
            self._others, self._damaged = list(log.others), list(log.damaged)
            self._cached_rows = len(self._steps)

    def _take(self, log: Log) -> None:
        before = len(self._steps)
        self._steps.extend(log.steps)
        self._others.extend((before + place, row) for place, row in log.others)
        self._damaged.extend(log.damaged)

    def _begin(self) -> None:
        self._covered = Covered(0, 0, 0, 0, "")
        self._steps = Table(STEP_COLUMNS)
        self._others: list[tuple[int, Row]] = []
        self._damaged: list[int] = []
        self._cached_rows = 0

    def _begin_anew(self) -> None:
        self._begin()
        self.generation += 1

    def _log(self) -> Log:
        return Log(self._steps.all(), tuple(self._others), tuple(self._damaged))


def _whole_lines(file: IO[bytes], most: int) -> bytes:
    """The next lines, about a block of them; nothing where no whole line is left within `most` bytes."""
    block = file.read(max(0, min(_BLOCK_BYTES, most)))
    while block and b"\n" not in block and len(block) < most:
        more = file.read(min(_BLOCK_BYTES, most - len(block)))
        if not more:
            break
        block += more
    end = block.rfind(b"\n") + 1
    file.seek(end - len(block), 1)
    return block[:end]


def _tail(file: IO[bytes], size: int, steps: int) -> Log:
    length = steps * _ROW_BYTES
    while True:
        start = max(0, size - length)
        file.seek(start)
        block = file.read(size - start)
        block = block[: block.rfind(b"\n") + 1]
        if start:
            block = block[block.find(b"\n") + 1 :]
        log = parsed(block)
        if not start or log.steps.shape[1] >= steps:
            break
        length *= 2
    dropped = max(0, log.steps.shape[1] - steps)
    others = tuple((max(0, place - dropped), row) for place, row in log.others)
    if start:
        file.seek(0)
        others = (
            *((0, row) for _, row in parsed(_whole_lines(file, min(start, _HEAD_BYTES))).others),
            *others,
        )
    return Log(log.steps[:, dropped:], others)
