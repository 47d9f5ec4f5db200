"""Time spent training: what a consumer does between two events, a pause above all, does not count."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator
from contextlib import closing
from typing import TypeVar

_Event = TypeVar("_Event")


class WorkingClock:
    """Seconds that the job has worked. Monotonic: a clock that is set back does no harm."""

    def __init__(self) -> None:
        self._away = 0.0

    def now(self) -> float:
        return time.perf_counter() - self._away

    def uncounted(self, events: Generator[_Event]) -> Generator[_Event]:
        """Hand on `events`; this clock stands still while the consumer holds one of them."""
        with closing(events):
            for event in events:
                left = time.perf_counter()
                yield event
                self._away += time.perf_counter() - left


class Rate:
    """Images per second over the last steps: steady enough to read, quick enough to show a change."""

    def __init__(self, steps: int = 32) -> None:
        self._steps: deque[tuple[int, float]] = deque(maxlen=steps)

    def add(self, images: int, seconds: float) -> None:
        self._steps.append((images, seconds))

    def value(self) -> float:
        seconds = sum(taken for _, taken in self._steps)
        return sum(images for images, _ in self._steps) / seconds if seconds > 0 else 0.0
