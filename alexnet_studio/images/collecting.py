"""Collecting a well-known set of images, or those of a table, into one folder of class folders."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alexnet_studio.ground import files
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import grouping, names_file, photos
from alexnet_studio.images.class_labels import read_names
from alexnet_studio.images.collect_options import Options, require_sides, require_taken
from alexnet_studio.images.collect_work import CollectWork
from alexnet_studio.images.folder import ImageFolder, scan
from alexnet_studio.images.folder_names import changed_note, folder_names
from alexnet_studio.images.known_sources import known_source
from alexnet_studio.images.layout import GROUPS
from alexnet_studio.images.piece_writer import PieceWriter
from alexnet_studio.images.regular_file import why
from alexnet_studio.images.source import Collectable, Contents, Description
from alexnet_studio.images.tiles import Tiles
from alexnet_studio.images.walk import Skipped

_MARK = ".alexnet-studio-collection"  # hidden, so no scan takes it for a class or an image


@dataclass(frozen=True, slots=True)
class Collected:
    """`folder`: the one to open. `classes` and `images` count what is there, not what was written anew."""

    folder: Path
    classes: int
    images: int
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]


def describe(source: Path, options: Options | None = None) -> Description:
    """What `source` holds, from names, sizes and headers. Raises `BadInput` as `collect` does."""
    try:
        found = known_source(source, options or Options()) or photos.find(source)
        if found is None:
            raise _unknown(source)
        return found.describe()
    except OSError as error:
        raise _unreadable(source, error) from error


def collect(source: Path, target: Path, options: Options | None = None) -> Iterator[Progress | Collected]:
    """Write the images of `source` into class folders in `target`, under train/ and test/ or val/ where it has these.

    `source`: IDX files, a CIFAR archive or its folder, ImageNet's archives or folders, a CSV file of paths and
    labels, or with `options.tiles` a folder of class folders. Image files are linked or copied as they are; with
    `options.side` each becomes a JPEG whose sides have that many pixels (256 in 2012). Groups that the source knows are
    kept in groups.csv, which a split reads.
    `target` is new, empty, or a collection of the same source, which is completed: an image that is there is kept.

    The last event is `Collected`. Raises `BadInput` ("source_missing", "source_unknown", "source_unreadable",
    "side_out_of_range", "option_unused", "collect_folder_used", "nothing_collected", and those of each kind of
    source), and `Failed` ("disk_full", "not_writable").
    """
    options = options or Options()
    yield Progress("collect", 0)
    require_sides(options)
    try:
        found = yield from _source(source, target, options)
        require_taken(options, found.known_as, source)
        contents = found.open()
    except OSError as error:
        raise _unreadable(source, error) from error
    called = _called(contents, options.names)
    folders = folder_names(called)
    _claim(target, {"source": _identity(source), **_choices(options), "classes": list(folders)})
    work = CollectWork(PieceWriter(target, folders, options.side), contents)
    try:
        yield from work.run()
    finally:  # of a collection that was stopped, too: its folder may be opened
        if work.groups:
            grouping.write(target, work.groups)
    yield _collected(work, target, called, source)


def _source(source: Path, target: Path, options: Options) -> Generator[Progress, None, Collectable]:
    """Raises `BadInput`, and `OSError`."""
    if options.tiles is not None and source.is_dir():
        _require_apart(source, target)
        for event in scan(source):
            if isinstance(event, ImageFolder):
                return Tiles(event, options.tiles)
            yield event
    found = known_source(source, options)
    if found is None:
        raise _unknown(source)
    return found


def _choices(options: Options) -> dict[str, Any]:
    """What decides how the images look and where they lie: another choice is another collection."""
    chosen = {
        name: getattr(options, name) for name in options.given() if name not in {"names", "truth", "side"}
    }
    return {"side": options.side, **chosen}


def _require_apart(source: Path, target: Path) -> None:
    """Tiles among the photos would be photos of the next scan."""
    if target.resolve().is_relative_to(source.resolve()):
        raise BadInput(
            "collect_folder_used",
            "{path} is in use and does not hold this collection. Choose a new or an empty folder.",
            path=str(target),
        )


def _called(contents: Contents, names: Path | None) -> tuple[str, ...]:
    """A file of names that merely lies beside the source is used where it fits."""
    if names is not None:
        return read_names(contents.keys, names, ordered=contents.ordered)
    if contents.words is not None:
        with suppress(BadInput):
            return read_names(contents.keys, contents.words, ordered=contents.ordered)
    return contents.keys


def _collected(work: CollectWork, target: Path, called: tuple[str, ...], source: Path) -> Collected:
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
    notes = [changed_note(called, folders), _keep_order(work, target), *work.contents.notes()]
    opened = target
    parts = {folder.parent for folder in work.folders}
    if len(parts) == 1 and target not in parts and target / "train" not in parts:
        opened = parts.pop()
        notes.append(f"There are no training images: the class folders are in {opened.name}/.")
    if work.groups:
        notes.append(f"{GROUPS} keeps the groups together when the folder is split.")
    return Collected(
        folder=opened,
        classes=len({folder.name for folder in work.folders}),
        images=work.made,
        skipped=tuple(work.skipped),
        notes=tuple(note for note in notes if note),
    )


def _keep_order(work: CollectWork, target: Path) -> str:
    """Folders are numbered by their sorted names; where the source has other numbers, these are kept in a file."""
    folders = work.writer.folders
    if not work.contents.ordered or list(folders) == sorted(folders):
        return ""
    names_file.write_indices(target / names_file.INDICES, folders)
    return (
        f"Class folders are sorted by name; {names_file.INDICES} has the numbers that the classes have in "
        "the source."
    )


def _unknown(source: Path) -> BadInput:
    return BadInput(
        "source_unknown",
        "{path} is no set of images that is known here. Give the IDX files of MNIST, a CIFAR archive for "
        "Python, ImageNet's archives, or a CSV file of paths and labels; class folders are opened as they are, "
        "or cut into tiles (--tiles).",
        path=str(source),
    )


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
