"""Decoded images on disk, memory-mapped: every image file is decoded once and read many times."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import store_rows, store_space
from alexnet_studio.images.folder import ImageFolder, Skipped
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store_files import StoreFiles, remove_abandoned
from alexnet_studio.images.store_following import followed
from alexnet_studio.images.store_source import FromDisk, Source
from alexnet_studio.images.store_space import Coding
from alexnet_studio.images.store_writer import write_store
from alexnet_studio.images.watch import Watch


class Store:
    """The images of a folder as uint8, at most `resize_to` squared.

    An image with fewer pixels than that keeps its own size, and a grey one its single channel, so that the
    file stays small; `prepare.fit` brings it to size. Store index i belongs to `kept[i]`, a position in
    `ImageFolder.images`.
    """

    def __init__(
        self,
        source: Source,
        record: InputRecord,
        kept: Sequence[int],
        rows: Sequence[int],
        unreadable: tuple[Skipped, ...],
    ) -> None:
        """`rows[i]` is the source's row of index i."""
        self.record = record
        self.kept = tuple(kept)
        self.unreadable = unreadable
        self._source = source
        self._rows = np.asarray(rows, np.int64)

    @property
    def lost(self) -> dict[str, str]:
        return self._source.lost

    @property
    def watch(self) -> Watch | None:
        return self._source.watch

    def holds(self, i: int) -> bool:
        """Whether the image itself can be had, or another stands in for it; while it is filled, this decodes it."""
        return self._source.holds(int(self._rows[i]))

    def waiting(self) -> int:
        """How many images are yet to be decoded, where it is filled while it is read."""
        return self._source.waiting()

    def close(self) -> None:
        """End the filling; what is written stays."""
        self._source.close()

    def same(self, indices: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
        """Those of the store indices `others` that are the same file as one of `indices`, byte for byte."""
        index_of = {int(row): i for i, row in enumerate(self._rows)}
        found = self._source.same(*(self._rows[list(some)].tolist() for some in (indices, others)))
        return tuple(index_of[row] for row in found)

    def __len__(self) -> int:
        return len(self.kept)

    def pixels(self, i: int) -> Pixels:
        """uint8 (height, width, channels), read-only, not yet fitted where it is small."""
        held = self._source.pixels(int(self._rows[i]))
        return np.broadcast_to(held, (*held.shape[:2], self.record.channels))


def fill(
    folder: ImageFolder,
    positions: Sequence[int],
    record: InputRecord,
    cache: Path,
    *,
    coding: Coding = "pixels",
) -> Iterator[Progress | Store]:
    """Decode the images at `positions` into `cache`, or open the store that already holds them.

    The last event is the store. Only `channels`, `fit` and `resize_to` of the record count. Closing the
    iterator joins the threads; what is written stays, and the next call goes on with it. With `coding` "jpeg" an image
    takes a tenth of the room and is near to what was decoded, as in 2012. Raises `BadInput` ("no_decodable_images")
    and `Failed` ("disk_full", "not_writable").
    """
    yield Progress("decode", 0, len(positions))
    ordered = in_rows(folder, positions)
    files = files_of(folder, positions, record, cache, coding)
    yield from followed(files)
    if not files.complete():
        make_room(files, folder, ordered, record, cache, coding)
        files = yield from write_store(files, folder, ordered, record, coding)
    store = _opened(files, positions, ordered, record)
    if not len(store):
        raise _nothing_readable(folder, store)
    yield store


def in_rows(folder: ImageFolder, positions: Sequence[int]) -> list[int]:
    """The positions in the order of a store's rows."""
    return sorted(positions, key=lambda i: folder.images[i].path)


def files_of(
    folder: ImageFolder, positions: Sequence[int], record: InputRecord, cache: Path, coding: Coding = "pixels"
) -> StoreFiles:
    """Where the decoded images at `positions` lie, or will."""
    return StoreFiles(cache / _key(folder, in_rows(folder, positions), record, coding), len(positions))


def make_room(
    files: StoreFiles,
    folder: ImageFolder,
    positions: Sequence[int],
    record: InputRecord,
    cache: Path,
    coding: Coding,
) -> None:
    """Remove older stores where these files would not fit, and what nobody opens again."""
    needed = store_space.needed_bytes(folder, positions, record, coding)
    store_space.make_room(cache, keep=files.folder, needed=needed)
    remove_abandoned(cache)


def _opened(
    files: StoreFiles,
    positions: Sequence[int],
    ordered: Sequence[int],
    record: InputRecord,
) -> Store:
    states = np.asarray(files.rows(writable=False)["state"])
    row_of = {position: row for row, position in enumerate(ordered)}
    kept = [i for i in positions if states[row_of[i]] == store_rows.PLACED]
    told = files.read_left_out()
    unreadable = tuple(
        Skipped(told[row].path, told[row].reason)
        for row in sorted(told)
        if row < len(states) and states[row] != store_rows.PLACED
    )
    return Store(FromDisk(files), record, kept, [row_of[i] for i in kept], unreadable)


def _key(folder: ImageFolder, ordered: Sequence[int], record: InputRecord, coding: Coding) -> str:
    """Another folder, another file, another size or time, or other settings: another store."""
    digest = hashlib.sha256()
    settings = ("store 2", str(folder.root), record.resize_to, record.fit, record.channels, coding)
    chosen = (folder.images[i] for i in ordered)
    files = ((image.path, image.size, image.mtime_ns) for image in chosen)
    for part in itertools.chain([settings], files):
        digest.update(repr(part).encode())
    return digest.hexdigest()[:32]


def _nothing_readable(folder: ImageFolder, store: Store) -> BadInput:
    first = store.unreadable[0] if store.unreadable else Skipped("", "is missing")
    return BadInput(
        "no_decodable_images",
        "None of the images in {path} can be decoded: the first of them ({first}) {reason}. "
        "Choose another folder.",
        path=str(folder.root),
        first=first.path,
        reason=first.reason,
    )
