"""The memory of scans in the user's cache folder: one file for each scanned folder, the least used go first."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from pydantic import BaseModel

from alexnet_studio.ground import files, places
from alexnet_studio.ground.errors import StudioError
from alexnet_studio.images import headers
from alexnet_studio.images.scan_memory import FolderMemory

WORTH_FILES = 256  # fewer are read again sooner than a file of them is written
LIMIT_BYTES = 500_000_000  # of all scans; one of ImageNet's 1.28 million images takes 37 million
_FORM = 1  # of the file
# File systems tell times by up to 2 seconds (FAT): a younger file may change and look as it did.
_SETTLED_NS = 2_000_000_000
_DAY_SECONDS = 86_400
_STAMP = np.dtype("<i8")
_DIGEST_BYTES = 32


class _Head(BaseModel):
    """A line of JSON: whose the file is, and for each folder its files, the bytes of their names and what was told.

    Before it stands the SHA-256 of all the rest. Behind it come the stamps of all files, 8 bytes each, and then
    their names with zero bytes between them.
    """

    key: str
    folders: tuple[str, ...]
    counts: tuple[int, ...]
    lengths: tuple[int, ...]
    told: dict[str, dict[str, str]]  # by folder and name


class _Block(NamedTuple):
    """The files of one folder as they lie in the file."""

    stamps: bytes
    names: bytes
    told: dict[str, str]


@dataclass(slots=True)
class ScanCache:
    """What is remembered of the files below one root. `of` each folder, `learn` it again, and at the end `keep`."""

    path: Path
    key: str
    before: dict[str, _Block] = field(default_factory=dict[str, _Block])
    _now: dict[str, _Block] = field(default_factory=dict[str, _Block])
    _news: bool = False
    _settled_ns: int = field(default_factory=lambda: time.time_ns() - _SETTLED_NS)

    def of(self, folder: str) -> FolderMemory:
        block = self.before.get(folder)
        if block is None:
            return FolderMemory(self._settled_ns)
        names = block.names.decode().split("\0")
        stamps: list[int] = np.frombuffer(block.stamps, _STAMP).tolist()
        return FolderMemory(self._settled_ns, dict(zip(names, stamps, strict=True)), block.told)

    def learn(self, folder: str, memory: FolderMemory) -> None:
        if memory.is_news():
            self._news = True
            if memory.now:
                stamps = np.array(list(memory.now.values()), _STAMP).tobytes()
                self._now[folder] = _Block(stamps, "\0".join(memory.now).encode(), memory.odd_now)
        elif memory.before:
            self._now[folder] = self.before[folder]

    def keep(self) -> None:
        """Write what was learnt, where it is new. One that cannot be written is no problem: the next scan reads."""
        with suppress(OSError, StudioError):
            if self._news or len(self._now) != len(self.before):
                self._write()
            elif self.before:
                os.utime(self.path)  # used now

    def _write(self) -> None:
        """Raises `OSError` and what `write_atomic` raises."""
        blocks = self._now.values()
        counts = tuple(len(block.stamps) // _STAMP.itemsize for block in blocks)
        if sum(counts) < WORTH_FILES:
            return
        head = _Head(
            key=self.key,
            folders=tuple(self._now),
            counts=counts,
            lengths=tuple(len(block.names) for block in blocks),
            told={folder: block.told for folder, block in self._now.items() if block.told},
        )
        parts = [head.model_dump_json().encode(), b"\n"]
        parts += [block.stamps for block in blocks]
        parts += [block.names for block in blocks]
        body = b"".join(parts)

        def write(file: IO[bytes]) -> None:
            file.write(_digest(body) + body)

        files.write_atomic(self.path, write)
        _make_room(self.path)


def opened(root: Path) -> ScanCache:
    """What earlier scans of `root` left; nothing where there was none or its file is damaged or of other rules."""
    named = f"{_FORM} {headers.RULES} ".encode() + os.fsencode(root.resolve())
    key = hashlib.sha256(named).hexdigest()
    path = places.cache() / "scans" / key
    try:
        return ScanCache(path, key, _blocks(path.read_bytes(), key))
    except (OSError, ValueError):
        return ScanCache(path, key)


def _blocks(content: bytes, key: str) -> dict[str, _Block]:
    """By folder. Raises `ValueError` for what was not written here, whole, and under this key."""
    body = memoryview(content)[_DIGEST_BYTES:]
    if content[:_DIGEST_BYTES] != _digest(body):
        raise ValueError("damaged")
    line = content.index(b"\n", _DIGEST_BYTES)
    head = _Head.model_validate_json(content[_DIGEST_BYTES:line])
    if head.key != key:
        raise ValueError("of another folder, or of other rules")
    blocks: dict[str, _Block] = {}
    at = line + 1
    names_at = at + sum(head.counts) * _STAMP.itemsize
    for folder, count, length in zip(head.folders, head.counts, head.lengths, strict=True):
        end, names_end = at + count * _STAMP.itemsize, names_at + length
        blocks[folder] = _Block(content[at:end], content[names_at:names_end], head.told.get(folder, {}))
        at, names_at = end, names_end
    return blocks


def _digest(body: bytes | memoryview) -> bytes:
    return hashlib.sha256(body).digest()


def _make_room(keep: Path) -> None:
    """Remove the files used longest ago until all fit, and what a killed process left. Raises `OSError`."""
    found = [(file, file.stat()) for file in keep.parent.iterdir()]
    total = sum(status.st_size for _, status in found)
    for file, status in sorted(found, key=lambda one: one[1].st_mtime):
        abandoned = file.suffix == ".tmp" and status.st_mtime < time.time() - _DAY_SECONDS
        if abandoned or (total > LIMIT_BYTES and file != keep):
            file.unlink(missing_ok=True)
            total -= status.st_size
