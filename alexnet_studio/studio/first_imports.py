"""What every job imports, imported once and by one thread at a time.

pydantic loads its parts lazily, and PySide6 looks into every module that is imported after it (it searches the
source for its own name). Where pydantic is half loaded when Qt comes, or two threads load it at once, that look
meets half-made modules and ends in an ImportError. It takes 0.3 s, so it is not done before the first paint either.
"""

from __future__ import annotations

import importlib
import sys
import threading

_ROOMS = (
    "alexnet_studio.networks.drawing",
    "alexnet_studio.runs.folder",
    "alexnet_studio.training.recipe_errors",
)


class FirstImports:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._done = False

    def ensure(self) -> None:
        """Called by each worker thread before its work; the first one imports, the others wait for it."""
        with self._lock:
            if not self._done:
                for name in _ROOMS:
                    importlib.import_module(name)
                self._done = True


def finish_what_was_begun() -> None:
    """To be called before Qt is imported: the command line may have loaded a part of pydantic."""
    if "pydantic" in sys.modules:
        for name in _ROOMS:
            importlib.import_module(name)
