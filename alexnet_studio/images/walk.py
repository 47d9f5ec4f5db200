"""Walking a tree of images: every folder once, whatever links it holds."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alexnet_studio.images.regular_file import why

# Left there by macOS, Windows, Synology and others; never a class and never an image that somebody labelled.
_SYSTEM_NAMES = frozenset(
    {"__macosx", "thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "$recycle.bin", "@eadir", "__pycache__"}
    | {"system volume information", "lost+found"}
)


@dataclass(frozen=True, slots=True)
class Skipped:
    """`reason` is the end of a sentence that begins with "the file"."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Leaf:
    """`path`: relative to the root, with forward slashes; `reason`: why it is not used."""

    path: str
    size: int
    mtime_ns: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies directly in a folder, by name: sorted, links followed, ignored names apart."""

    folders: tuple[str, ...]
    files: tuple[str, ...]
    ignored: tuple[str, ...]


def is_ignored(name: str) -> bool:
    return name.startswith(".") or name.lower() in _SYSTEM_NAMES


def list_folder(folder: Path) -> Listing:
    """Raises `OSError` when `folder` cannot be listed."""
    folders: list[str] = []
    files: list[str] = []
    ignored: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if is_ignored(entry.name):
                ignored.append(entry.name)
            elif _is_folder(entry):
                folders.append(entry.name)
            else:
                files.append(entry.name)
    return Listing(tuple(sorted(folders)), tuple(sorted(files)), tuple(sorted(ignored)))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself
        return False


def printable(name: str) -> str:
    """`name` with bytes that are no Unicode replaced, so that it can be shown and written."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def unusable_name(name: str) -> str | None:
    """Why a file or folder of this name is left out: neither run.json nor a window could hold such a name."""
    return None if printable(name) == name else "has a name that is not Unicode; rename it"


@dataclass(slots=True)
class Walk:
    """One walk under `root`. `ignored` and `outside` fill while `leaves` is consumed."""

    root: Path
    ignored: list[str] = field(default_factory=list[str])
    outside: int = 0
    _visited: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])

    def claim(self, folder: str) -> bool:
        """True the first time that this folder is met, under whatever name. Raises `OSError`.

        Class folders are claimed before any is walked, so that a link from one into another takes no images.
        """
        found = (self.root / folder).stat()
        identity = (found.st_dev, found.st_ino)
        if identity in self._visited:
            return False
        self._visited.add(identity)
        return True

    def leaves(self, folder: str) -> Iterator[Leaf]:
        """Every file below `folder` (already claimed), in the order in which the disk lists them."""
        waiting = [folder]
        while waiting:
            current = waiting.pop()
            try:
                with os.scandir(self.root / current) as entries:
                    for entry in entries:
                        yield from self._visit(entry, f"{current}/{entry.name}", waiting)
            except OSError as error:
                yield Leaf(printable(current), 0, 0, f"is a folder that {why(error)}")

    def _visit(self, entry: os.DirEntry[str], path: str, waiting: list[str]) -> Iterator[Leaf]:
        if is_ignored(entry.name):
            self.ignored.append(entry.name)
            return
        try:
            leaf = self._look(entry, path, waiting)
        except FileNotFoundError:
            leaf = Leaf(printable(path), 0, 0, "is a link that leads nowhere")
        except OSError as error:
            leaf = Leaf(printable(path), 0, 0, why(error))
        if leaf is not None:
            yield leaf

    def _look(self, entry: os.DirEntry[str], path: str, waiting: list[str]) -> Leaf | None:
        """The leaf that `entry` is; a folder is put among the waiting ones instead. Raises `OSError`."""
        found = entry.stat()
        reason = unusable_name(entry.name)
        if reason is None and entry.is_symlink():
            self._count_link(entry)
        if reason is None and stat.S_ISDIR(found.st_mode):
            if self.claim(path):
                waiting.append(path)
                return None
            reason = "is a link to a folder that is read elsewhere"
        elif reason is None and not stat.S_ISREG(found.st_mode):
            reason = "is not a regular file"
        return Leaf(printable(path), found.st_size, found.st_mtime_ns, reason)

    def _count_link(self, entry: os.DirEntry[str]) -> None:
        if not Path(entry.path).resolve().is_relative_to(self.root.resolve()):
            self.outside += 1
