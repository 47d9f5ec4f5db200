"""Collecting a well-known set of images, or those of a table, into one folder of class folders."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alexnet_studio.ground import files
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import cifar_archive, idx_files, imagenet, labelled_table, names_file
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.class_labels import read_names
from alexnet_studio.images.folder_names import changed_note, folder_names
from alexnet_studio.images.pace import Pace
from alexnet_studio.images.piece_writer import Errand, Outcome, PieceWriter
from alexnet_studio.images.regular_file import why
from alexnet_studio.images.source import Contents, Description, Source
from alexnet_studio.images.walk import Skipped

_MARK = ".alexnet-studio-collection"  # hidden, so no scan takes it for a class or an image
_SIDES = range(8, 1025)


@dataclass(frozen=True, slots=True)
class Collected:
    """`folder`: the one to open. `classes` and `images` count what is there, not what was written anew."""

    folder: Path
    classes: int
    images: int
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]


def describe(source: Path, *, names: Path | None = None) -> Description:
    """What `source` holds, from names, sizes and headers. Raises `BadInput` as `collect` does."""
    try:
        return _recognised(source, names).describe()
    except OSError as error:
        raise _unreadable(source, error) from error


def collect(
    source: Path, target: Path, *, names: Path | None = None, side: int | None = None
) -> Iterator[Progress | Collected]:
    """Write the images of `source` into class folders in `target`, under train/ and test/ or val/ where it has these.

    `source`: IDX files, a CIFAR archive or its folder, ImageNet's archives or folders, or a CSV file of paths and
    labels. Image files are linked or copied as they are; with `side` each becomes a JPEG whose sides have that
    many pixels (256 in 2012). `names`: readable class names, see `class_labels.read_names`.
    `target` is new, empty, or a collection of the same source, which is completed: an image that is there is kept.

    The last event is `Collected`. Raises `BadInput` ("source_missing", "source_unknown", "source_unreadable",
    "side_out_of_range", "collect_folder_used", "nothing_collected", and those of each kind of source), and
    `Failed` ("disk_full", "not_writable").
    """
    yield Progress("collect", 0)
    if side is not None and side not in _SIDES:
        raise BadInput(
            "side_out_of_range",
            "Images of {side} pixels a side are not made. Give a number from {least} to {most}.",
            side=side,
            least=_SIDES[0],
            most=_SIDES[-1],
        )
    try:
        found = _recognised(source, names)
        contents = found.open()
    except OSError as error:
        raise _unreadable(source, error) from error
    called = _called(contents, names)
    folders = folder_names(called)
    _claim(target, {"source": _identity(source), "side": side, "classes": list(folders)})
    work = _Work(PieceWriter(target, folders, side), contents)
    yield from work.run()
    yield _collected(work, target, called, source)


def _called(contents: Contents, names: Path | None) -> tuple[str, ...]:
    """A file of names that merely lies beside the source is used where it fits."""
    if names is not None:
        return read_names(contents.keys, names, ordered=contents.ordered)
    if contents.words is not None:
        with suppress(BadInput):
            return read_names(contents.keys, contents.words, ordered=contents.ordered)
    return contents.keys


@dataclass(slots=True)
class _Work:
    """The images on their way: `made` and `skipped` fill while it runs."""

    writer: PieceWriter
    contents: Contents
    made: int = 0
    folders: set[Path] = field(default_factory=set[Path])
    skipped: list[Skipped] = field(default_factory=list[Skipped])

    def run(self) -> Iterator[Progress]:
        pace = Pace()
        workers = min(8, max(2, os.cpu_count() or 2))
        with closing(ahead(_do, self._errands(), workers=workers)) as outcomes:
            for outcome in outcomes:
                self._count(outcome)
                if pace.due():
                    done = self.made + len(self.skipped)
                    yield Progress("collect", done, max(done, self.contents.total))

    def _errands(self) -> Iterator[Errand | Skipped | None]:
        """In the calling thread: archives have one place at which they are read."""
        for piece in self.contents.pieces:
            yield piece if piece is None or isinstance(piece, Skipped) else self.writer.errand(piece)

    def _count(self, outcome: Outcome | None) -> None:
        match outcome:
            case Path():
                self.made += 1
                self.folders.add(outcome.parent)
            case Skipped():
                self.skipped.append(outcome)
            case None:
                pass


def _do(errand: Errand | Skipped | None) -> Outcome | None:
    return errand if errand is None or isinstance(errand, Skipped) else errand()


def _collected(work: _Work, target: Path, called: tuple[str, ...], source: Path) -> Collected:
    if not work.made:
        first = work.skipped[0] if work.skipped else Skipped(source.name, "holds none")
        raise BadInput(
            "nothing_collected",
            "No image of {path} could be used: {count} were skipped, the first of them ({first}) because it {reason}.",
            path=str(source),
            count=len(work.skipped),
            first=first.path,
            reason=first.reason,
        )
    folders = work.writer.folders
    notes = [changed_note(called, folders), _keep_order(work, target)]
    opened = target
    parts = {folder.parent for folder in work.folders}
    if len(parts) == 1 and target not in parts and target / "train" not in parts:
        opened = parts.pop()
        notes.append(f"There are no training images: the class folders are in {opened.name}/.")
    return Collected(
        folder=opened,
        classes=len({folder.name for folder in work.folders}),
        images=work.made,
        skipped=tuple(work.skipped),
        notes=tuple(note for note in notes if note),
    )


def _keep_order(work: _Work, target: Path) -> str:
    """Folders are numbered by their sorted names; where the source has other numbers, these are kept in a file."""
    folders = work.writer.folders
    if not work.contents.ordered or list(folders) == sorted(folders):
        return ""
    names_file.write_indices(target / names_file.INDICES, folders)
    return (
        f"Class folders are sorted by name; {names_file.INDICES} has the numbers that the classes have in "
        "the source."
    )


def _recognised(source: Path, names: Path | None) -> Source:
    """Raises `BadInput`, and `OSError`."""
    if not source.exists():
        raise BadInput(
            "source_missing", "{path} does not exist. Check its name, or choose another.", path=str(source)
        )
    found = (
        idx_files.find(source)
        or cifar_archive.find(source)
        or imagenet.find(source, names)
        or labelled_table.find(source)
    )
    if found is None:
        raise BadInput(
            "source_unknown",
            "{path} is no set of images that is known here. Give the IDX files of MNIST, a CIFAR archive for "
            "Python, ImageNet's archives, or a CSV file of paths and labels; class folders are opened as they are.",
            path=str(source),
        )
    return found


def _unreadable(source: Path, error: OSError) -> BadInput:
    return BadInput(
        "source_unreadable",
        "{path} {reason}. Choose another one.",
        path=str(source),
        reason=why(error),
    )


def _identity(source: Path) -> list[Any]:
    """A file that was changed is another source; a folder is known by its name."""
    found = source.stat()
    return [str(source.absolute()), *((found.st_size, found.st_mtime_ns) if source.is_file() else ())]


def _claim(target: Path, mark: dict[str, Any]) -> None:
    """Raises `BadInput` ("collect_folder_used"), `Failed`."""
    try:
        free = not target.exists() or not any(target.iterdir())
        before = None if free else json.loads((target / _MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        free, before = False, None
    if not free and before != mark:
        raise BadInput(
            "collect_folder_used",
            "{path} is in use and does not hold this collection. Choose a new or an empty folder.",
            path=str(target),
        )
    files.make_folder(target)
    files.write_json(target / _MARK, mark)
