"""Images decoded anew each time they are wanted: for disks without room for a store."""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing

from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import prepare
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.decode import UnreadableError
from alexnet_studio.images.folder import ImageFolder, Skipped
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.pace import Pace
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store import Store
from alexnet_studio.images.store_writer import held_pixels

_WAITS_S = (0.05, 0.2, 0.8)  # for a virus scanner or a network share to let go of a file
_TIMED = 16
_LOST_SHARE, _LOST_RUNNING = 0.01, 100


def without_store(
    folder: ImageFolder, positions: Sequence[int], record: InputRecord
) -> Iterator[Progress | Store]:
    """The same pixels as a filled store gives. The last event is the store; every image is decoded once before it,
    so that what cannot be read is known. Closing the iterator joins the threads.
    """
    pace = Pace()
    kept: list[int] = []
    unreadable: list[Skipped] = []

    def problem(position: int) -> UnreadableError | None:
        found = held_pixels(folder, folder.images[position], record)
        return found if isinstance(found, UnreadableError) else None

    with closing(ahead(problem, positions)) as answers:
        for position, error in zip(positions, answers, strict=True):
            if error is None:
                kept.append(position)
            else:
                unreadable.append(Skipped(folder.images[position].path, error.reason))
            if pace.due():
                yield Progress("decode", len(kept) + len(unreadable), len(positions))
    yield Store(Decoding(folder, kept, record), record, kept, range(len(kept)), tuple(unreadable))


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

    `lost` counts them by path. Threads may ask at once.
    """

    def __init__(self, folder: ImageFolder, positions: Sequence[int], record: InputRecord) -> None:
        self._folder = folder
        self._positions = tuple(positions)
        self._record = record
        self._of_class = defaultdict[int, list[int]](list)
        for row, position in enumerate(self._positions):
            self._of_class[folder.images[position].label].append(row)
        self._lock = threading.Lock()
        self._running = 0  # lost one after the other
        self.lost: dict[str, str] = {}

    def same(self, rows: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
        """Not known: nothing is kept of a file once it is decoded."""
        _ = rows, others
        return ()

    def pixels(self, row: int) -> Pixels:
        """Raises `Failed` ("folder_gone", "images_lost") where too many are missing to go on."""
        for candidate in self._candidates(row):
            found = self._patiently(candidate)
            if not isinstance(found, UnreadableError):
                with self._lock:
                    self._running = 0
                return found
            self._count(candidate, found)
        raise self._too_many()

    def _candidates(self, row: int) -> Iterator[int]:
        """The row, then the others of its class from the next one on."""
        yield row
        others = self._of_class[self._folder.images[self._positions[row]].label]
        start = bisect_right(others, row)
        yield from others[start:]
        yield from others[:start]

    def _patiently(self, row: int) -> Pixels | UnreadableError:
        image = self._folder.images[self._positions[row]]
        found = held_pixels(self._folder, image, self._record)
        for wait in _WAITS_S:
            if not isinstance(found, UnreadableError) or not _may_come_back(found):
                break
            time.sleep(wait)
            found = held_pixels(self._folder, image, self._record)
        return found

    def _count(self, row: int, error: UnreadableError) -> None:
        if not self._folder.root.is_dir():
            raise Failed(
                "folder_gone",
                "{path} is no longer there. What was learned is saved: bring it back, then resume.",
                path=str(self._folder.root),
            )
        with self._lock:
            self.lost[self._folder.images[self._positions[row]].path] = error.reason
            self._running += 1
            share = len(self.lost) / len(self._positions)
            too_many = self._running >= _LOST_RUNNING or (share > _LOST_SHARE and len(self.lost) > 1)
        if too_many:
            raise self._too_many()

    def _too_many(self) -> Failed:
        path, reason = next(iter(self.lost.items()))
        return Failed(
            "images_lost",
            "{count} of {total} images of {folder} can no longer be read, the first of them ({path}) because it "
            "{reason}. What was learned is saved: bring them back and resume, or start anew without them.",
            count=len(self.lost),
            total=len(self._positions),
            folder=str(self._folder.root),
            path=path,
            reason=reason,
        )


def _may_come_back(error: UnreadableError) -> bool:
    return (not error.lasting and "permission" in error.reason) or "cannot be read" in error.reason
