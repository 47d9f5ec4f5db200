"""The file operations of whatever writes a run: one object, so that everything a disk can do wrong can be tried.

It is found through a context variable, and not passed along: as a parameter it would stand in forty signatures of four
rooms for nobody but the tests. A context is no global: what one sets nobody else sees, other trainings of the same
process included, and a thread sees it only when it is started in a copy of the context.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from io import BufferedReader
from pathlib import Path
from typing import IO, Literal

Mode = Literal["r+b", "ab", "xb"]


class FileOps:
    """What the system does. All raise OSError."""

    def open(self, path: Path, mode: Mode) -> IO[bytes]:
        return path.open(mode)

    def open_to_read(self, path: Path) -> BufferedReader:
        return path.open("rb")

    def fsync(self, file: IO[bytes]) -> None:
        os.fsync(file.fileno())

    def replace(self, source: Path, target: Path) -> None:
        source.replace(target)

    def link(self, source: Path, target: Path) -> None:
        """`target` becomes another name of `source`; FileExistsError where there is one."""
        target.hardlink_to(source)

    def remove(self, path: Path) -> None:
        path.unlink()

    def make_folder(self, path: Path) -> None:
        path.mkdir(parents=True, exist_ok=True)

    def names(self, folder: Path) -> list[str]:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries]


_SYSTEM = FileOps()
_chosen: ContextVar[FileOps] = ContextVar("file operations")


def current() -> FileOps:
    """Those of this context; the system's unless others were chosen."""
    return _chosen.get(_SYSTEM)


@contextmanager
def through(ops: FileOps) -> Generator[None]:
    """Inside of this block, and in generators that are run in it, files are written through `ops`."""
    token = _chosen.set(ops)
    try:
        yield
    finally:
        _chosen.reset(token)
