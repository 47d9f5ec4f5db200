"""The folder of a store: pixels, the rows that say where each image lies, and what could not be read."""

from __future__ import annotations

import json
import os
import shutil
import socket
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from alexnet_studio.images import store_rows
from alexnet_studio.images.store_rows import Rows

_PIXELS, _ROWS, _LEFT_OUT, _DONE, _LOCK = "pixels.u8", "rows.npy", "left_out.jsonl", "index.json", "lock"
_PRIVATE = ".filling-"
_DAY_SECONDS = 86_400


class LeftOut(BaseModel):
    """A file that could not be read, and why. `lasting`: for what it holds, not because it was missing or locked."""

    model_config = ConfigDict(frozen=True)

    row: int
    path: str
    reason: str
    lasting: bool


@dataclass(frozen=True, slots=True)
class StoreFiles:
    """`count` images. `index.json` is written last: without it the store is being filled, or was when it was killed."""

    folder: Path
    count: int

    @property
    def pixels(self) -> Path:
        return self.folder / _PIXELS

    @property
    def left_out(self) -> Path:
        return self.folder / _LEFT_OUT

    def complete(self) -> bool:
        """Whether it was filled to its end and is sound, and every file was there. It counts as used now."""
        try:
            document: object = json.loads((self.folder / _DONE).read_text(encoding="utf-8"))
            if document != {"images": self.count}:
                return False
            rows = self.rows(writable=False)
            states = set(np.unique(rows["state"]).tolist())
            if not states <= {store_rows.PLACED, store_rows.UNREADABLE}:
                return False
            self.read_left_out()
            os.utime(self.folder / _DONE)
            return store_rows.sound(rows, self.map())
        except (OSError, ValueError):
            return False

    def waiting(self) -> int:
        """How many images are yet to be decoded."""
        if self.complete():
            return 0
        try:
            states = self.rows(writable=False)["state"]
        except (OSError, ValueError):
            return self.count
        return int(np.count_nonzero(~np.isin(states, (store_rows.PLACED, store_rows.UNREADABLE))))

    def rows(self, *, writable: bool) -> Rows:
        return store_rows.opened(self.folder / _ROWS, self.count, writable=writable)

    def map(self) -> NDArray[np.uint8]:
        """The pixels file as one flat, read-only array."""
        if self.pixels.stat().st_size == 0:  # nothing can be mapped
            return np.empty(0, np.uint8)
        return np.asarray(np.memmap(self.pixels, np.uint8, mode="r"))

    def read_left_out(self) -> dict[int, LeftOut]:
        """By row; a later line is the newer. Raises `OSError` or `ValueError`."""
        found: dict[int, LeftOut] = {}
        for line in self.left_out.read_text(encoding="utf-8").splitlines():
            try:
                one = LeftOut.model_validate_json(line)
            except ValidationError:  # the last line of a killed process
                continue
            found[one.row] = one
        return found

    def begin(self) -> Rows:
        """Rows to fill: those of a killed process where they are sound, else new ones. Raises `OSError`."""
        try:
            (self.folder / _DONE).unlink(missing_ok=True)
            rows = self.rows(writable=True)
            size = store_rows.end(rows)
            if store_rows.sound(rows, self.map()):
                os.truncate(self.pixels, size)  # what was written of an image that has no row yet
                self.left_out.touch()
                return rows
        except (OSError, ValueError):
            pass
        self.pixels.write_bytes(b"")
        self.left_out.write_bytes(b"")
        return store_rows.create(self.folder / _ROWS, self.count)

    def finish(self) -> None:
        (self.folder / _DONE).write_text(json.dumps({"images": self.count}), encoding="utf-8")

    def discard(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def claim(self) -> StoreFiles:
        """These files, locked for this process; or private ones where another process fills them. Raises `OSError`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self.folder / _LOCK
        if _is_stale(lock):
            lock.unlink(missing_ok=True)
        try:
            with lock.open("x", encoding="utf-8") as file:
                file.write(f"{os.getpid()} {socket.gethostname()}")
        except FileExistsError:
            private = tempfile.mkdtemp(dir=self.folder.parent, prefix=_PRIVATE)
            return StoreFiles(Path(private), self.count)
        return self

    def release(self) -> None:
        (self.folder / _LOCK).unlink(missing_ok=True)


def remove_abandoned(cache: Path) -> None:
    """Private stores of a day ago: nobody opens them again."""
    for folder in cache.glob(f"{_PRIVATE}*"):
        pixels = folder / _PIXELS
        if pixels.exists() and pixels.stat().st_mtime < time.time() - _DAY_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)


def last_used(folder: Path) -> float:
    """When a store was opened or written last, as a file's time; 0 for what is no store."""
    times = [(folder / name).stat().st_mtime for name in (_DONE, _PIXELS) if (folder / name).exists()]
    return max(times, default=0.0)


def in_use(folder: Path) -> bool:
    return (folder / _LOCK).exists() and not _is_stale(folder / _LOCK)


def _is_stale(lock: Path) -> bool:
    """A lock whose process is no more. One of another machine counts for a day."""
    try:
        pid, _, host = lock.read_text(encoding="utf-8").partition(" ")
        if host != socket.gethostname():
            return lock.stat().st_mtime < time.time() - _DAY_SECONDS
        return not pid.isdigit() or not psutil.pid_exists(int(pid))
    except OSError:
        return False
