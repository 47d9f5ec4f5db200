"""A run that somebody else writes, here or on another machine, seen as it grows: by asking again and again.

Nothing but the file's size, time and content is asked: sshfs, network shares and repeated copying (rsync) tell of
changes in no other way. A half-written last line is awaited, and a file that became shorter is read anew.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from pathlib import Path

from alexnet_studio.runs import lock
from alexnet_studio.runs.log import Log
from alexnet_studio.runs.log_reader import LogReader
from alexnet_studio.runs.rows import Ended, Epoch, Started

EVERY_SECONDS = 1.0
_BREATH_SECONDS = 0.1  # a follower is stopped within that time


class Follower:
    def __init__(self, run: Path) -> None:
        self._run = run
        self._metrics = run / "metrics.jsonl"
        self._reader = LogReader(self._metrics)
        self._seen: tuple[int, int] | None = None
        self._ended = False

    def poll(self) -> Log | None:
        """All of the history, when it is not as it was; None otherwise. Raises `BadInput` ("history_unreadable")."""
        try:
            stat = self._metrics.stat()
        except OSError:
            return None  # not begun yet, or the share is away for a moment
        seen = (stat.st_size, stat.st_mtime_ns)
        if seen == self._seen:
            return None
        self._seen = seen
        log = self._reader.now()
        self._ended = isinstance(sitting(log), Ended)
        return log

    def is_over(self) -> bool:
        """It has ended, and nobody goes on with it."""
        return self._ended and lock.holder(self._run) is None


def sitting(log: Log) -> Started | Epoch | Ended | None:
    """The last row that says where the training stands; None where it is within an epoch, or has not begun."""
    steps = log.steps.shape[1]
    for place, row in reversed(log.others):
        if isinstance(row, Started | Epoch | Ended):
            return row if place == steps else None
    return None


def follow(run: Path, every_seconds: float = EVERY_SECONDS) -> Generator[Log | None]:
    """Each new state of the history, and None while nothing is new, until the training is over."""
    follower = Follower(run)
    while True:
        yield follower.poll()
        if follower.is_over():
            return
        until = time.monotonic() + every_seconds
        while time.monotonic() < until:
            time.sleep(min(_BREATH_SECONDS, every_seconds))
            yield None
