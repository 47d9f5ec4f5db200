"""What is to be written and could not be: a disk that was full for a while costs nothing, and stops no training."""

from __future__ import annotations

from collections.abc import Callable

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.training.plan import Remark


class Backlog:
    """Writes in their order. The first time that one fails is told, as `code` and a sentence that begins with
    `what` is not being done.
    """

    def __init__(self, code: str, what: str) -> None:
        self._code = code
        self._what = what
        self._waiting: list[Callable[[], None]] = []
        self._complained = False

    def write(self, *writes: Callable[[], None]) -> tuple[Remark, ...]:
        """Each raises a `StudioError` when it could not write, and is then tried again the next time."""
        self._waiting += writes
        try:
            while self._waiting:
                self._waiting[0]()
                del self._waiting[0]
        except StudioError as error:
            if not self._complained:
                self._complained = True
                return ((self._code, f"{self._what}: {error.sentence}"),)
        return ()
