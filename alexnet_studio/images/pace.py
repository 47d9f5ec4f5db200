"""How often a job reports: at once, and then ten times a second."""

from __future__ import annotations

import time

_SECONDS = 0.1


class Pace:
    """`due()` is true when it is time to report again; asking costs well under a microsecond."""

    def __init__(self) -> None:
        self._next = 0.0

    def due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + _SECONDS
        return True
