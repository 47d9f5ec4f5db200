"""One checkpoint on its way to the disk, in a thread of its own."""

from __future__ import annotations

import threading
import time
from contextvars import copy_context

from alexnet_studio.runs import checkpoint
from alexnet_studio.runs.checkpoint_document import Checkpoint
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.training.events import Saved


class Flight:
    """Writing, hashing, syncing and reading back leave Python to others for nearly all of their time."""

    def __init__(self, run: RunFolder, payload: Checkpoint, *, best: bool) -> None:
        self._run = run
        self.payload = payload
        self.best = best
        self._error: BaseException | None = None
        self._note = ""
        self.seconds = 0.0  # that it took, once it is over
        context = copy_context()  # with the file operations of whoever trains
        self._thread = threading.Thread(target=context.run, args=(self._fly,), name="checkpoint")
        self._thread.start()

    @property
    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def landed(self) -> Saved:
        """What was saved, once it is. Raises what `checkpoint.save` raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        return Saved(self.payload.step, self.payload.epoch, self.best, self._note)

    def _fly(self) -> None:
        began = time.monotonic()
        try:
            self._note = checkpoint.save(self._run, self.payload, best=self.best)
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody can act on it
            self._error = error
        finally:
            self.seconds = time.monotonic() - began
