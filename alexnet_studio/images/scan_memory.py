"""What an earlier scan read in the files of a folder, and by what their first bytes need no second look."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field

from alexnet_studio.images.headers import AS_NAMED

# A listing of Windows has no file numbers, an opened file has: 0 for both.
_NUMBERED = sys.platform != "win32"


def stamp(status: os.stat_result) -> int:
    """64 bits of what changes with a file's content, its place on the disk or who may read it.

    The time of the last change of any of these cannot be set back, as that of the content can.
    """
    number = status.st_ino if _NUMBERED else 0
    return hash((number, status.st_size, status.st_mtime_ns, status.st_ctime_ns))


@dataclass(slots=True)
class FolderMemory:
    """The files directly in one folder: as they were `before`, by name, and as this scan finds them (`now`).

    `before` and `now` are stamps. `odd_before` and `odd_now` are what `headers.told` said, only of the files
    that are not as their names say.
    """

    settled_ns: int  # a file changed since could change again and keep its times: it is not remembered
    before: dict[str, int] = field(default_factory=dict[str, int])
    odd_before: dict[str, str] = field(default_factory=dict[str, str])
    now: dict[str, int] = field(default_factory=dict[str, int])
    odd_now: dict[str, str] = field(default_factory=dict[str, str])

    def recall_odd(self, name: str) -> str:
        """What was told of a file that is as before."""
        told = self.odd_before.get(name, AS_NAMED)
        if told:
            self.odd_now[name] = told
        return told

    def learn(self, name: str, status: os.stat_result, told: str) -> None:
        if status.st_mtime_ns < self.settled_ns and status.st_ctime_ns < self.settled_ns:
            self.now[name] = stamp(status)
            if told:
                self.odd_now[name] = told

    def is_news(self) -> bool:
        return self.now != self.before or self.odd_now != self.odd_before
