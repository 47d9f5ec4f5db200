"""A store that is read while it is filled, so that a network can learn from it before all of it is there."""

from __future__ import annotations

import errno
import threading
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import CancelledError
from functools import partial

import numpy as np

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.files import as_studio_error
from alexnet_studio.images import store_rows
from alexnet_studio.images.crew import Crew
from alexnet_studio.images.decode import UnreadableError
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.losses import Losses, patiently
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store_files import StoreFiles
from alexnet_studio.images.store_rows import Stored
from alexnet_studio.images.store_source import FromDisk
from alexnet_studio.images.store_space import Coding
from alexnet_studio.images.store_writer import made_of, put, threads
from alexnet_studio.images.watch import Watch


class Filling:
    """The source of a store whose rows, places in `positions`, are decoded by threads until it is closed.

    A row is decided once it is known whether it holds an image: by a thread that fills, or by whoever wants it first.
    """

    def __init__(
        self,
        files: StoreFiles,
        folder: ImageFolder,
        positions: Sequence[int],
        record: InputRecord,
        coding: Coding,
        first: Sequence[int],
        apart: Collection[int],
    ) -> None:
        self._folder = folder
        self._images = [folder.images[i] for i in positions]
        self._record = record
        self._coding: Coding = coding
        self._losses = Losses(folder, positions, apart)
        self.lost = self._losses.lost
        self.watch: Watch | None = Watch()
        self._lock = threading.Lock()
        self._in_work: dict[int, threading.Event] = {}
        self._absent: dict[int, UnreadableError] = {}
        self._failure: StudioError | None = None
        self._open(files)
        self._left = int(np.count_nonzero(~self._decided))
        self._ahead = self._order(first)
        self._stopping = False
        if not self._left:
            self._finish()
        count = threads() if self._left else 0
        self._crew = Crew[None](count, self.watch)
        for _ in range(count):
            self._crew.promise(self._fill)

    def unreadable(self) -> dict[int, str]:
        """The rows of files that hold no image, as far as it is known, and why."""
        with self._lock:
            rows = np.flatnonzero(self._rows["state"] == store_rows.UNREADABLE).tolist()
            return {row: self._reasons.get(row, "cannot be decoded") for row in rows}

    def same(self, rows: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
        placed = self._rows["state"] == store_rows.PLACED
        own, theirs = ([row for row in some if placed[row]] for some in (rows, others))
        return FromDisk(self._files).same(own, theirs)

    def pixels(self, row: int) -> Pixels:
        """Raises `Failed` ("folder_gone", "images_lost", "read_hangs", "disk_full")."""
        if self.holds(row):
            self._losses.found()
            return self._stored(row)
        self._note(row)
        for candidate in self._losses.substitutes(row):
            if self.holds(candidate):
                return self._stored(candidate)
        raise self._losses.too_many()

    def holds(self, row: int) -> bool:
        while not self._decided[row]:
            self._decide(row)
        return bool(self._rows[row]["state"] == store_rows.PLACED)

    def waiting(self) -> int:
        return self._left

    def close(self) -> None:
        self._stopping = True
        self._crew.leave()
        with self._lock:
            self._shut()

    def _open(self, files: StoreFiles) -> None:
        """Raises `Failed` ("not_writable", ...)."""
        try:
            self._files = files.claim()
        except OSError as error:
            raise as_studio_error(error, files.folder) from error
        self._is_open = True
        try:
            self._rows = self._files.begin()
            self._reasons = {row: told.reason for row, told in self._files.read_left_out().items()}
            self._disk = FromDisk(self._files)
            self._pixels = self._files.pixels.open("ab")
            self._left_out = self._files.left_out.open("a", encoding="utf-8")
        except OSError as error:
            self._files.release()
            raise as_studio_error(error, files.folder) from error
        self._decided = np.isin(self._rows["state"], (store_rows.PLACED, store_rows.UNREADABLE))

    def _order(self, first: Sequence[int]) -> Iterator[int]:
        """Every row that is not decided, once."""
        waits = ~self._decided
        for row in first:
            if waits[row]:
                waits[row] = False
                yield row
        yield from map(int, np.flatnonzero(waits))

    def _fill(self) -> None:
        """What one thread does. Whatever it raises, whoever wants that row meets it again."""
        while not self._stopping:
            with self._lock:
                row = next(self._ahead, None)
            if row is None:
                return
            self.holds(row)

    def _decide(self, row: int) -> None:
        """Decode a row's image and keep it, or wait until another thread has tried to."""
        with self._lock:
            self._require_open()
            done = self._in_work.get(row)
            if done is None and self._decided[row]:
                return
            own = self._in_work.setdefault(row, threading.Event()) if done is None else None
        if own is None:
            self._await(done)
            return
        try:
            image = self._images[row]
            read = partial(made_of, self._folder, image, self._record, self._coding, self._watched())
            self._keep(row, patiently(read))
        finally:
            with self._lock:
                del self._in_work[row]
            own.set()

    def _keep(self, row: int, answer: Stored | UnreadableError) -> None:
        if isinstance(answer, UnreadableError):
            if not answer.lasting:
                self._losses.require_folder()
                self._absent[row] = answer
            self._reasons[row] = answer.reason
        with self._lock:
            self._require_open()
            try:
                put(self._rows, row, self._images[row], answer, self._pixels, self._left_out)
                self._decided[row] = True
                self._left -= 1
                if not self._left:
                    self._finish()
            except OSError as error:
                self._failure = as_studio_error(error, self._files.folder)
                self._shut()
                if error.errno in {errno.ENOSPC, errno.EDQUOT}:
                    self._files.discard()
                raise self._failure from error

    def _stored(self, row: int) -> Pixels:
        at, disk = self._rows[row], self._disk
        if int(at["offset"]) + int(at["size"]) > disk.size:  # what was written since it was mapped
            disk = self._disk = FromDisk(self._files)
        return disk.pixels(row)

    def _note(self, row: int) -> None:
        """Count a row that another stands in for. Raises `Failed` where too many are gone."""
        if row in self._absent:
            self._losses.count(row, self._absent[row])
        else:
            self._losses.replace(row, self._reasons.get(row, "cannot be decoded"))

    def _await(self, done: threading.Event | None) -> None:
        watch = self._watched()
        while done is not None and not done.wait(watch.glance_s):
            watch.require_answers()

    def _watched(self) -> Watch:
        assert self.watch is not None
        return self.watch

    def _require_open(self) -> None:
        if self._failure is not None:
            raise self._failure
        if self._stopping:
            raise CancelledError

    def _finish(self) -> None:
        """All is decided: others may open the store."""
        self._shut()
        self._files.finish()

    def _shut(self) -> None:
        if self._is_open:
            self._is_open = False
            self._pixels.close()
            self._left_out.close()
            self._files.release()
