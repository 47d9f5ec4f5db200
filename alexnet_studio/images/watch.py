"""Which files are being read, and since when: a network share that has gone mute is noticed and named."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from alexnet_studio.ground.errors import Failed

_SILENCE_S = 120.0  # as long as a worker of a DataLoader is usually waited for
_MUTE_S = 2.0  # who leaves waits no longer for a thread that reads


class Watch:
    """Threads say what they read; who waits for them asks whether one of the files has been silent for too long."""

    def __init__(self, silence_s: float | None = None) -> None:
        self._silence_s = _SILENCE_S if silence_s is None else silence_s
        self._reading: dict[int, tuple[float, Path]] = {}  # by thread

    @property
    def glance_s(self) -> float:
        """How long to wait before looking again."""
        return min(1.0, self._silence_s / 4)

    @contextmanager
    def reading(self, path: Path) -> Generator[None]:
        own = threading.get_ident()
        self._reading[own] = (time.monotonic(), path)
        try:
            yield
        finally:
            del self._reading[own]

    def require_answers(self) -> None:
        """Raises `Failed` ("read_hangs") that names the file."""
        since, path = min(tuple(self._reading.values()), default=(float("inf"), Path()))
        if time.monotonic() - since > self._silence_s:
            raise Failed(
                "read_hangs",
                "{path} has not been read to its end for {seconds:.0f} seconds: its disk or network does not answer. "
                "What was learned is saved: resume when it does.",
                path=str(path),
                seconds=self._silence_s,
            )

    def is_mute(self, thread: threading.Thread) -> bool:
        """Whether it reads, and has for so long that it may never end."""
        since, _ = self._reading.get(thread.ident or 0, (float("inf"), None))
        return time.monotonic() - since > _MUTE_S
