"""A person's corrections of a folder: other classes for some images, others left out. The files are never touched."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from alexnet_studio.ground import files, places
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.pace import Pace
from alexnet_studio.images.regular_file import read_whole

_HEADER = ("path", "label")
_LARGEST_BYTES = 256 << 20
FILE = "labels.csv"  # in a run's folder, and in the person's settings


@dataclass(frozen=True, slots=True)
class Corrections:
    """`labels`: sorted pairs of a path in the folder and its class's name; an empty name leaves the image out."""

    labels: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.labels)

    def with_label(self, paths: Iterable[str], label: str) -> Corrections:
        """All of `paths` in the class `label`; "" leaves them out."""
        return Corrections(tuple(sorted({**dict(self.labels), **dict.fromkeys(paths, label)}.items())))

    def without(self, paths: Iterable[str]) -> Corrections:
        """`paths` as their folders say."""
        gone = set(paths)
        return Corrections(tuple(pair for pair in self.labels if pair[0] not in gone))


@dataclass(frozen=True, slots=True)
class Linked:
    """What `as_links` made."""

    folder: Path
    images: int


def corrected(folder: ImageFolder, corrections: Corrections) -> ImageFolder:
    """`folder` with its labels corrected; classes that lose all training images are gone, new names are new classes.

    Corrections of files that are not there have no effect. Raises `BadInput` ("all_left_out").
    """
    if not corrections:
        return folder
    labels = dict(corrections.labels)
    named = [(image, labels.get(image.path, folder.classes[image.label])) for image in folder.images]
    named = [(image, name) for image, name in named if name]
    classes = tuple(sorted({name for image, name in named if image.split == "train"}))
    if not classes:
        raise BadInput(
            "all_left_out",
            "Every training image of {path} is left out by its corrections. Take some of them back.",
            path=str(folder.root),
        )
    number = {name: label for label, name in enumerate(classes)}
    images = [image._replace(label=number[name]) for image, name in named if name in number]
    order = {"train": 0, "val": 1, "test": 2}
    images.sort(key=lambda image: (order[image.split], image.label, image.path))
    return replace(folder, classes=classes, images=tuple(images))


def read(path: Path) -> Corrections:
    """From a CSV of path and label; none where there is no file. Raises `BadInput` ("labels_unreadable")."""
    try:
        text = read_whole(path, _LARGEST_BYTES).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline=None)))
        if rows and tuple(rows[0]) == _HEADER:
            rows = rows[1:]
        pairs = {_unquoted(row[0]): _unquoted(row[1]) for row in rows if row}
    except FileNotFoundError:
        return Corrections()
    except (OSError, ValueError, IndexError, csv.Error) as error:
        reason = (
            error.strerror
            if isinstance(error, OSError) and error.strerror
            else "it is no table of path and label"
        )
        raise BadInput(
            "labels_unreadable",
            "{path} cannot be read as corrected labels ({reason}). Give a CSV file with the columns path and label.",
            path=str(path),
            reason=reason,
        ) from error
    return Corrections(tuple(sorted(pairs.items())))


def write(path: Path, corrections: Corrections) -> None:
    """Raises `Failed` ("disk_full", "not_writable")."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_HEADER)
    table.writerows((_quoted(path), _quoted(label)) for path, label in corrections.labels)
    files.make_folder(path.parent)
    files.write_text(path, text.getvalue())


def place_of(root: Path) -> Path:
    """Where a person's corrections of this folder are kept between sessions."""
    name = hashlib.sha256(str(root.absolute()).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return places.data() / "labels" / name / FILE


def as_links(folder: ImageFolder, target: Path) -> Iterator[Progress | Linked]:
    """The corrected folder as class folders of links to the same files (copies where links are not possible).

    The last event is what was made. Raises `BadInput` ("target_used") and `Failed`.
    """
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BadInput("target_used", "{path} is in use. Choose a new or an empty folder.", path=str(target))
    splits = len({image.split for image in folder.images}) > 1
    pace = Pace()
    for done, image in enumerate(folder.images):
        parent = target / image.split if splits else target
        # The folder that it lay in is part of the name: two files of one name may meet in a class.
        name = image.path.replace("/", "-")
        place = parent / folder.classes[image.label] / name
        files.make_folder(place.parent)
        try:
            _link(folder.root / image.path, place)
        except OSError as error:
            raise files.as_studio_error(error, place) from error
        if pace.due():
            yield Progress("link", done, len(folder.images))
    yield Linked(target, len(folder.images))


def _link(source: Path, place: Path) -> None:
    try:
        os.symlink(source.resolve(), place)  # noqa: PTH211 - `place` is the link here, too
    except OSError:  # Windows without the right to link, FAT
        shutil.copy2(source, place)


def _quoted(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "'"} else text


def _unquoted(text: str) -> str:
    return text[1:] if text[:1] == "'" else text
