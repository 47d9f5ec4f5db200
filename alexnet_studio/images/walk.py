"""Walking a tree of images: every folder once, whatever links it holds."""

from __future__ import annotations

import os
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from alexnet_studio.images.long_path import for_system
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
    with os.scandir(for_system(str(folder))) as entries:
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
    """One walk under `root`. `ignored` and `outside` fill while it goes on."""

    root: Path
    ignored: list[str] = field(default_factory=list[str])
    outside: int = 0
    _visited: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    _resolved: Path = field(init=False)
    _base: str = field(init=False)

    def __post_init__(self) -> None:
        self._base = str(self.root) + "/"
        self._resolved = self.root.resolve()

    def claim(self, folder: str) -> bool:
        """True the first time that this folder is met, under whatever name. Raises `OSError`.

        Class folders are claimed before any is walked, so that a link from one into another takes no images.
        """
        found = os.stat(self.full(folder))  # noqa: PTH116  a string, as everywhere in a walk
        identity = (found.st_dev, found.st_ino)
        if identity in self._visited:
            return False
        self._visited.add(identity)
        return True

    def full(self, path: str) -> str:
        """A path with the root before it, as it has to be given to the system."""
        return for_system(self._base + path)

    def leaves(self, top: str) -> Iterator[str | Skipped]:
        """Every file below `top` (already claimed), relative to the root, and what is left out."""
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            for found in self.inside(folder, waiting):
                yield found if isinstance(found, Skipped) else f"{folder}/{found.name}"

    def inside(
        self, folder: str, waiting: list[str], usual: Container[str] = ()
    ) -> Iterator[os.DirEntry[str] | Skipped]:
        """The files directly in `folder`, as the disk lists them, and what is left out; its folders join the `waiting`.

        `usual`: names that need no look. They are of files, and no ignored ones.
        """
        try:
            with os.scandir(self.full(folder)) as entries:
                for entry in entries:
                    name = entry.name
                    if name in usual and entry.is_file(follow_symlinks=False):
                        yield entry
                    elif is_ignored(name):
                        self.ignored.append(name)
                    elif name.isascii() and entry.is_file(follow_symlinks=False):
                        yield entry  # nearly always; the listing said so already
                    elif (found := self._visit(entry, f"{folder}/{name}", waiting)) is not None:
                        yield found
        except OSError as error:
            yield Skipped(printable(folder), f"is a folder that {why(error)}")

    def _visit(
        self, entry: os.DirEntry[str], path: str, waiting: list[str]
    ) -> os.DirEntry[str] | Skipped | None:
        """`entry` where it is a file, or why it is left out; None where it is a folder."""
        reason = None if entry.name.isascii() else unusable_name(entry.name)
        if reason is not None:
            return Skipped(printable(path), reason)
        try:
            return self._look(entry, path, waiting)
        except FileNotFoundError:
            return Skipped(path, "is a link that leads nowhere")
        except OSError as error:
            return Skipped(path, why(error))

    def _look(
        self, entry: os.DirEntry[str], path: str, waiting: list[str]
    ) -> os.DirEntry[str] | Skipped | None:
        """As `_visit`. Raises `OSError`."""
        if entry.is_symlink():
            entry.stat()  # raises where the link is broken; the two questions below would only say no
            self._count_link(entry)
        if entry.is_file():
            return entry
        if not entry.is_dir():
            return Skipped(path, "is not a regular file")
        if not self.claim(path):
            return Skipped(path, "is a link to a folder that is read elsewhere")
        waiting.append(path)
        return None

    def _count_link(self, entry: os.DirEntry[str]) -> None:
        if not Path(entry.path).resolve().is_relative_to(self._resolved):
            self.outside += 1
