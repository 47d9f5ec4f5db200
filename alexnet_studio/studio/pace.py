"""How often a training is shown: often enough to look live, seldom enough to leave it the processor."""

from __future__ import annotations

import time
from collections.abc import Callable

_SHARE = 1 / 80  # of one processor: on two, each millisecond here holds up both threads of the training
_LEAST_S = 0.2
_MOST_S = 2.0


class Pace:
    """Measures what this thread spends between two views, their painting with it, and spreads the views accordingly.

    `now`: seconds that never go back; `spent`: seconds that this thread has worked.
    """

    def __init__(
        self, now: Callable[[], float] = time.monotonic, spent: Callable[[], float] = time.thread_time
    ) -> None:
        self._now = now
        self._spent = spent
        self._due = 0.0
        self._spent_before = spent()

    def shown(self) -> None:
        """A view is on its way to the screen."""
        spent = self._spent()
        wait = (spent - self._spent_before) / _SHARE
        self._spent_before = spent
        self._due = self._now() + min(max(wait, _LEAST_S), _MOST_S)

    def wait_s(self) -> float:
        """Until the next view is due; 0 where it is."""
        return max(0.0, self._due - self._now())
