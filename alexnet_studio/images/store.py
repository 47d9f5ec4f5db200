"""Decoded images on disk, memory-mapped: every image file is decoded once and read many times."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.folder import ImageFolder, Skipped
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store_files import Index, Placed, StoreFiles
from alexnet_studio.images.store_writer import write_store


class Store:
    """The images of a folder as uint8, at most `resize_to` squared.

    An image with fewer pixels than that keeps its own size, and a grey one its single channel, so that the
    file stays small; `prepare.fit` brings it to size. Store index i belongs to `kept[i]`, a position in
    `ImageFolder.images`.
    """

    def __init__(
        self,
        index: Index,
        held: NDArray[np.uint8],
        folder: ImageFolder,
        positions: Sequence[int],
        record: InputRecord,
    ) -> None:
        placed = {image.path: image for image in index.images}
        self.record = record
        self.kept: tuple[int, ...] = tuple(i for i in positions if folder.images[i].path in placed)
        self.unreadable: tuple[Skipped, ...] = tuple(
            Skipped(file.path, file.reason) for file in index.unreadable
        )
        self._placed: tuple[Placed, ...] = tuple(placed[folder.images[i].path] for i in self.kept)
        self._held = held

    def __len__(self) -> int:
        return len(self._placed)

    def pixels(self, i: int) -> Pixels:
        """uint8 (height, width, channels), read-only, not yet fitted where it is small."""
        at = self._placed[i]
        flat = self._held[at.offset : at.offset + at.height * at.width * at.channels]
        held = flat.reshape(at.height, at.width, at.channels)
        return np.broadcast_to(held, (at.height, at.width, self.record.channels))


def fill(
    folder: ImageFolder, positions: Sequence[int], record: InputRecord, cache: Path
) -> Iterator[Progress | Store]:
    """Decode the images at `positions` into `cache`, or open the store that already holds them.

    The last event is the store. Only `channels`, `fit` and `resize_to` of the record count. Closing the
    iterator joins the threads and removes what was half written. Raises `BadInput` ("no_decodable_images")
    and `Failed` ("disk_full", "not_writable").
    """
    yield Progress("decode", 0, len(positions))
    files = StoreFiles(cache / _key(folder, positions, record))
    index = files.read()
    if index is None or not index.lasting:
        index = yield from write_store(files, folder, positions, record)
    store = Store(index, files.map(), folder, positions, record)
    if not len(store):
        raise _nothing_readable(folder, store)
    yield store


def _key(folder: ImageFolder, positions: Sequence[int], record: InputRecord) -> str:
    """Another folder, another file, another size or time, or other settings: another store."""
    digest = hashlib.sha256()
    settings = ("store 1", str(folder.root), record.resize_to, record.fit, record.channels)
    chosen = (folder.images[i] for i in positions)
    files = sorted((image.path, image.size, image.mtime_ns) for image in chosen)
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
