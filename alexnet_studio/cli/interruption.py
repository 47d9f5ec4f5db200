"""Ctrl+C and SIGTERM as a wish that is granted between two events, so that what was learned is saved."""

from __future__ import annotations

import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

from alexnet_studio.cli.output import ProgressBar
from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.progress import Progress

E = TypeVar("E")
R = TypeVar("R")


class Interrupted(StudioError):
    """The person or the system asked to stop; `exit_code` is 130 or 143."""

    def __init__(self, number: int, template: str = "Interrupted.") -> None:
        super().__init__("interrupted", template)
        self.exit_code = 128 + number


class Interruption:
    """Which signal has come, if any. The second one does not wait any more."""

    def __init__(self) -> None:
        self.number: int | None = None

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del frame
        if self.number is not None:
            raise KeyboardInterrupt
        self.number = number

    @contextmanager
    def watched(self) -> Generator[Interruption]:
        old = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield self
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)


def each(job: Iterator[E], interruption: Interruption) -> Iterator[E]:
    """The events of `job` until a signal comes; then the job is closed, which makes it save."""
    try:
        while interruption.number is None:
            try:
                yield next(job)
            except StopIteration:
                return
    finally:
        if isinstance(job, Generator):
            job.close()


def result(job: Iterator[Progress | R], bar: ProgressBar) -> R:
    """Run a job to its end and return its last event. Raises `Interrupted`, and what the job raises."""
    last: R | None = None
    interruption = Interruption()
    with interruption.watched():
        for event in each(job, interruption):
            if isinstance(event, Progress):
                bar.show(event)
            else:
                last = event
    if interruption.number is not None:
        raise Interrupted(interruption.number)
    if last is None:
        raise RuntimeError("a job ended without its result")
    return last
