"""Images decoded anew each time they are wanted: for disks without room for a store."""

from __future__ import annotations

import itertools
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from functools import partial

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import prepare
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.decode import UnreadableError
from alexnet_studio.images.folder import ImageFolder, Skipped
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.losses import Losses, patiently
from alexnet_studio.images.pace import Pace
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store import Store
from alexnet_studio.images.store_writer import held_pixels
from alexnet_studio.images.watch import Watch

_TIMED = 16


def without_store(
    folder: ImageFolder, positions: Sequence[int], record: InputRecord, apart: Collection[int] = ()
) -> Iterator[Progress | Store]:
    """The same pixels as a filled store gives. The last event is the store; every image is decoded once before it,
    so that what cannot be read is known. Images at the positions `apart` and the others never stand in for each other.
    Closing the iterator joins the threads. Raises `Failed` ("read_hangs").
    """
    pace = Pace()
    kept: list[int] = []
    unreadable: list[Skipped] = []
    watch = Watch()

    def problem(position: int) -> UnreadableError | None:
        found = held_pixels(folder, folder.images[position], record, watch)
        return found if isinstance(found, UnreadableError) else None

    with closing(ahead(problem, positions, watch=watch)) as answers:
        for position, error in zip(positions, answers, strict=True):
            if error is None:
                kept.append(position)
            else:
                unreadable.append(Skipped(folder.images[position].path, error.reason))
            if pace.due():
                yield Progress("decode", len(kept) + len(unreadable), len(positions))
    source = Decoding(folder, kept, record, frozenset(apart), watch)
    yield Store(source, record, kept, range(len(kept)), tuple(unreadable))


def decoding_costs(folder: ImageFolder, positions: Sequence[int], record: InputRecord) -> float:
    """How many times longer an image takes that is decoded than one that is read from a store: timed on a few."""
    some = positions[:: max(1, len(positions) // _TIMED)][:_TIMED]
    pixels: list[Pixels] = []
    began = time.perf_counter()
    for position in some:
        found = held_pixels(folder, folder.images[position], record)
        if not isinstance(found, UnreadableError):
            pixels.append(found)
    decoded = time.perf_counter() - began
    began = time.perf_counter()
    for held in pixels:
        # What happens to a stored image in any case.
        prepare.fit(held.copy(), record).astype("float32")
    return 1 + decoded / max(1e-9, time.perf_counter() - began)


class Decoding:
    """Rows are places in `positions`. A file that is gone or changed is replaced by another of its class, and counted.

    Threads may ask at once.
    """

    def __init__(
        self,
        folder: ImageFolder,
        positions: Sequence[int],
        record: InputRecord,
        apart: Collection[int],
        watch: Watch,
    ) -> None:
        self._folder = folder
        self._positions = tuple(positions)
        self._record = record
        self._losses = Losses(folder, positions, apart)
        self.lost = self._losses.lost
        self.watch: Watch | None = watch

    def same(self, rows: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
        """Not known: nothing is kept of a file once it is decoded."""
        _ = rows, others
        return ()

    def pixels(self, row: int) -> Pixels:
        """Raises `Failed` ("folder_gone", "images_lost") where too many are missing to go on."""
        for candidate in itertools.chain([row], self._losses.substitutes(row)):
            found = patiently(partial(self._read, candidate))
            if not isinstance(found, UnreadableError):
                self._losses.found()
                return found
            self._losses.count(candidate, found)
        raise self._losses.too_many()

    def holds(self, row: int) -> bool:
        """It did, before the training: an image that is gone since is replaced wherever it is wanted."""
        _ = row
        return True

    def waiting(self) -> int:
        return 0

    def close(self) -> None:
        pass

    def _read(self, row: int) -> Pixels | UnreadableError:
        return held_pixels(self._folder, self._folder.images[self._positions[row]], self._record, self.watch)
