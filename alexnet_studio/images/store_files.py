"""The two files of a store: one of pixels, one that says where in it each image lies."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

_PIXELS = "pixels.u8"
_INDEX = "index.json"
_UNFINISHED = ".filling-"
_DAY_SECONDS = 86_400


class Placed(BaseModel):
    """An image in the pixels file: rows of `width` × `channels` bytes from `offset` on."""

    model_config = ConfigDict(frozen=True)

    path: str
    offset: int
    height: int
    width: int
    channels: Literal[1, 3]


class Unreadable(BaseModel):
    """A file left out. `lasting`: for what it holds, and not because it was missing or locked just then."""

    model_config = ConfigDict(frozen=True)

    path: str
    reason: str
    lasting: bool


class Index(BaseModel):
    """`size` is that of the pixels file in bytes."""

    model_config = ConfigDict(frozen=True)

    size: int
    images: tuple[Placed, ...]
    unreadable: tuple[Unreadable, ...]

    @property
    def lasting(self) -> bool:
        """False where files were left out that may be there again."""
        return all(file.lasting for file in self.unreadable)


@dataclass(frozen=True, slots=True)
class StoreFiles:
    """A store's folder. It appears under its name when it is complete, and not before."""

    folder: Path

    def read(self) -> Index | None:
        """The index; None when there is no store here or it is damaged."""
        try:
            index = Index.model_validate_json((self.folder / _INDEX).read_bytes())
            size = (self.folder / _PIXELS).stat().st_size
        except (OSError, ValidationError):
            return None
        return index if size == index.size else None

    def map(self) -> NDArray[np.uint8]:
        """The pixels file as one flat, read-only array."""
        path = self.folder / _PIXELS
        if path.stat().st_size == 0:  # nothing can be mapped
            return np.empty(0, np.uint8)
        return np.asarray(np.memmap(path, np.uint8, mode="r"))

    def begin(self) -> Unfinished:
        """A new temporary folder beside this one. Raises `OSError`."""
        cache = self.folder.parent
        cache.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(cache)
        return Unfinished(Path(tempfile.mkdtemp(dir=cache, prefix=_UNFINISHED)), self.folder)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A store being written: a temporary folder that becomes `target`."""

    folder: Path
    target: Path

    @property
    def pixels(self) -> Path:
        return self.folder / _PIXELS

    def finish(self, index: Index) -> None:
        """Write the index and take the place of `target`. Raises `OSError`."""
        (self.folder / _INDEX).write_text(index.model_dump_json(), encoding="utf-8")
        shutil.rmtree(self.target, ignore_errors=True)
        try:
            self.folder.rename(self.target)
        except OSError:
            # Another process filled the same store meanwhile: its pixels are the same.
            if StoreFiles(self.target).read() is None:
                raise

    def discard(self) -> None:
        """Remove what is left of it; nothing after `finish`."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _remove_abandoned(cache: Path) -> None:
    """What a killed process left half written; one that still writes has touched its file within a day."""
    for folder in cache.glob(f"{_UNFINISHED}*"):
        pixels = folder / _PIXELS
        if pixels.exists() and pixels.stat().st_mtime < time.time() - _DAY_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
