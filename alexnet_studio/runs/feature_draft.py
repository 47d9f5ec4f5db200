"""Writing a run's feature file, so that it is whole or not there, and that what was computed before a kill stays."""

from __future__ import annotations

import contextlib
import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.files import as_studio_error, make_folder, write_json
from alexnet_studio.runs.features import THUMBNAIL_PX, FeatureFile, json_of, numbers_of, read, thumbnails_of

_KEEP_S = 5.0


class Draft:
    """A feature file being written, in the folder but under other names.

    with Draft(run.features, "fc7", images=n, dimensions=d, of="what the rows are") as draft:
        draft.features[draft.done : b] = ...
        draft.advance(b)
        draft.finish(paths=..., classes=..., checkpoint=..., source=...)

    A draft with an `of` that was interrupted or killed is taken up by the next one with the same `of` and sizes:
    its first `done` rows are there already. One that fails, or has no `of`, leaves nothing.
    """

    def __init__(self, folder: Path, layer: str, *, images: int, dimensions: int, of: str = "") -> None:
        """Raises `Failed` ("disk_full", "not_writable")."""
        make_folder(folder)
        self._folder = folder
        self._layer = layer
        self._sizes = (images, dimensions)
        self._of = of
        self._kept_at = time.monotonic()
        self.done = 0

    def __enter__(self) -> Self:
        images, dimensions = self._sizes
        side = THUMBNAIL_PX
        self.done = self._left_behind()
        self.features: NDArray[np.float32] = self._array("features", np.float32, (images, dimensions))
        self.thumbnails: NDArray[np.uint8] = self._array("thumbnails", np.uint8, (images, side, side, 3))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        interrupted = kind is not None and not issubclass(kind, Exception)
        if interrupted and self._of and self.done:
            with contextlib.suppress(OSError, StudioError):
                self._keep()
                return
        for path in (self._temporary("features"), self._temporary("thumbnails"), self._state()):
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise as_studio_error(error, self._folder) from error

    def advance(self, done: int) -> None:
        """The first `done` rows are written. They survive a kill from within the next five seconds on.

        Raises `Failed` ("disk_full", "not_writable").
        """
        self.done = done
        if self._of and time.monotonic() - self._kept_at > _KEEP_S:
            self._keep()
            self._kept_at = time.monotonic()

    def _keep(self) -> None:
        """The rows first: what is counted as done is on the disk."""
        for array in (self.features, self.thumbnails):
            if isinstance(array, np.memmap):
                array.flush()
        write_json(self._state(), {"of": self._of, "sizes": list(self._sizes), "done": self.done})

    def _left_behind(self) -> int:
        """How many rows an earlier draft of the same has; nothing where it is of something else or damaged."""
        if not self._of:
            return 0
        try:
            state: Any = json.loads(self._state().read_text(encoding="utf-8"))
            same = (state["of"], tuple(state["sizes"])) == (self._of, self._sizes)
            whole = all(self._temporary(name).exists() for name in ("features", "thumbnails"))
            done = int(state["done"])
            return done if same and whole and 0 <= done <= self._sizes[0] else 0
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return 0

    def finish(self, *, paths: list[str], classes: list[str], checkpoint: str, source: str) -> FeatureFile:
        """Put the draft in the place of the layer's old features. The JSON goes first and comes last: without
        it there are no features, so that a crash in between cannot join new numbers with old paths.
        """
        document = {
            "paths": paths,
            "classes": classes,
            "layer": self._layer,
            "checkpoint": checkpoint,
            "folder": source,
        }
        try:
            json_of(self._folder, self._layer).unlink(missing_ok=True)
            self._state().unlink(missing_ok=True)
            for name, target in (("features", numbers_of), ("thumbnails", thumbnails_of)):
                _sync(self._temporary(name))
                self._temporary(name).replace(target(self._folder, self._layer))
        except OSError as error:
            raise as_studio_error(error, self._folder) from error
        write_json(json_of(self._folder, self._layer), document)
        return read(self._folder, self._layer)

    def _temporary(self, name: str) -> Path:
        return self._folder / f".{self._layer}.{name}.draft"

    def _state(self) -> Path:
        return self._folder / f".{self._layer}.draft"

    def _again(self, name: str, dtype: type[np.generic], shape: tuple[int, ...]) -> NDArray[Any]:
        """Raises ValueError for an array of another kind."""
        array = open_memmap(self._temporary(name), mode="r+")
        if array.dtype != dtype or array.shape != shape:
            raise ValueError("a draft of another kind")
        return array

    def _array(self, name: str, dtype: type[np.generic], shape: tuple[int, ...]) -> NDArray[Any]:
        try:
            if self.done:
                try:
                    return self._again(name, dtype, shape)
                except (ValueError, EOFError):
                    self.done = 0
            return open_memmap(self._temporary(name), mode="w+", dtype=dtype, shape=shape)
        except OSError as error:
            raise as_studio_error(error, self._folder) from error


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
