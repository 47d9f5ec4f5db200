"""Images that can no longer be read while a network learns from them: others stand in, until too many are gone."""

from __future__ import annotations

import threading
import time
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TypeVar

from alexnet_studio.ground.errors import Failed
from alexnet_studio.images.decode import UnreadableError
from alexnet_studio.images.folder import ImageFolder

Found = TypeVar("Found")

_WAITS_S = (0.05, 0.2, 0.8)  # for a virus scanner or a network share to let go of a file
_LOST_SHARE, _LOST_RUNNING = 0.01, 100


def patiently(read: Callable[[], Found | UnreadableError]) -> Found | UnreadableError:
    """What `read` returns, tried again where a file was locked."""
    found = read()
    for wait in _WAITS_S:
        if not isinstance(found, UnreadableError) or not _may_come_back(found):
            break
        time.sleep(wait)
        found = read()
    return found


class Losses:
    """Rows are places in `positions`; `lost` are the files that others stand in for, and why, by path.

    Images at the positions `apart` (which validate) stand in for none of the others, and none of those for them.
    Threads may ask at once.
    """

    def __init__(self, folder: ImageFolder, positions: Sequence[int], apart: Collection[int] = ()) -> None:
        self._folder = folder
        self._positions = tuple(positions)
        self._kinds = [(folder.images[position].label, position in apart) for position in self._positions]
        self._of_kind = defaultdict[tuple[int, bool], list[int]](list)
        for row, kind in enumerate(self._kinds):
            self._of_kind[kind].append(row)
        self._lock = threading.Lock()
        self._running = 0  # gone one after the other
        self._gone = set[int]()
        self.lost: dict[str, str] = {}

    def substitutes(self, row: int) -> Iterator[int]:
        """The others of its class, from the next one on."""
        others = self._of_kind[self._kinds[row]]
        start = bisect_right(others, row)
        yield from others[start:]
        yield from (other for other in others[:start] if other != row)

    def replace(self, row: int, reason: str) -> None:
        """Note that another stands in for an image that was never readable: no number of those is too many."""
        with self._lock:
            self.lost[self._path(row)] = reason

    def count(self, row: int, error: UnreadableError) -> None:
        """Note an image that is gone. Raises `Failed` ("folder_gone", "images_lost") where too many are."""
        self.require_folder()
        with self._lock:
            self.lost[self._path(row)] = error.reason
            self._gone.add(row)
            self._running += 1
            share = len(self._gone) / len(self._positions)
            too_many = self._running >= _LOST_RUNNING or (share > _LOST_SHARE and len(self._gone) > 1)
        if too_many:
            raise self.too_many()

    def require_folder(self) -> None:
        """Raises `Failed` ("folder_gone")."""
        if not self._folder.root.is_dir():
            raise Failed(
                "folder_gone",
                "{path} is no longer there. What was learned is saved: bring it back, then resume.",
                path=str(self._folder.root),
            )

    def found(self) -> None:
        """An image was read."""
        with self._lock:
            self._running = 0

    def too_many(self) -> Failed:
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

    def _path(self, row: int) -> str:
        return self._folder.images[self._positions[row]].path


def _may_come_back(error: UnreadableError) -> bool:
    return (not error.lasting and "permission" in error.reason) or "cannot be read" in error.reason
