"""Disks that fail: at one call, or from one call on, with an error of the system or as when the power goes."""

from __future__ import annotations

import errno
import io
import os
import threading
from pathlib import Path
from typing import Any, cast

from alexnet_studio.ground.file_ops import FileOps, Mode

ERRORS = {"full": errno.ENOSPC, "broken": errno.EIO, "forbidden": errno.EACCES}


class PowerCut(BaseException):
    """Nothing is written any more, and nobody cleans up."""


class FaultyFiles(FileOps):
    """Fails at the `number`-th call (0: never), and with `lasting` at all that follow. A write that fails has written
    half. `error` None: the power goes. `calls` counts those of all threads.
    """

    def __init__(self, number: int = 0, error: int | None = None, *, lasting: bool = False) -> None:
        self._number = number
        self._error = error
        self._lasting = lasting or error is None
        self._counting = threading.Lock()
        self.calls = 0

    @property
    def was_hit(self) -> bool:
        return 0 < self._number <= self.calls

    def tick(self) -> None:
        with self._counting:
            self.calls += 1
            hit = self.calls == self._number or (self._lasting and self.was_hit)
        if hit and self._error is None:
            raise PowerCut
        if hit and self._error is not None:
            raise OSError(self._error, os.strerror(self._error))

    def open(self, path: Path, mode: Mode) -> io.BufferedWriter | io.BufferedRandom:
        self.tick()
        raw = _Raw(path, mode.replace("b", ""), self)
        return io.BufferedRandom(raw) if "+" in mode else io.BufferedWriter(raw)

    def open_to_read(self, path: Path) -> io.BufferedReader:
        self.tick()
        return io.BufferedReader(_Raw(path, "r", self))

    def fsync(self, file: object) -> None:
        del file  # the tests need no disk
        self.tick()

    def replace(self, source: Path, target: Path) -> None:
        self.tick()
        super().replace(source, target)

    def link(self, source: Path, target: Path) -> None:
        self.tick()
        super().link(source, target)

    def remove(self, path: Path) -> None:
        self.tick()
        super().remove(path)

    def make_folder(self, path: Path) -> None:
        self.tick()
        super().make_folder(path)

    def names(self, folder: Path) -> list[str]:
        self.tick()
        return super().names(folder)


class _Raw(io.FileIO):
    def __init__(self, path: Path, mode: str, disk: FaultyFiles) -> None:
        self._disk = disk
        super().__init__(path, mode)

    def write(self, data: Any, /) -> int:
        try:
            self._disk.tick()
        except BaseException:
            whole = bytes(cast("bytes", data))
            super().write(whole[: len(whole) // 2])
            raise
        return super().write(data)

    def truncate(self, size: int | None = None, /) -> int:
        self._disk.tick()
        return super().truncate(size)

    def readinto(self, buffer: Any, /) -> int:
        self._disk.tick()
        return super().readinto(buffer) or 0

    def readall(self) -> bytes:
        self._disk.tick()
        return super().readall() or b""


class HeldOpen(FileOps):
    """As Windows is while a reader has one of `held` open: it cannot be replaced, nor moved. `patience`: so often."""

    def __init__(self, *held: str, patience: int = 1_000) -> None:
        self._held = held
        self.patience = patience

    def replace(self, source: Path, target: Path) -> None:
        if self.patience and {source.name, target.name} & {*self._held}:
            self.patience -= 1
            error = PermissionError(errno.EACCES, "Access is denied")
            vars(error)["winerror"] = 32
            raise error
        super().replace(source, target)
