"""CIFAR-10 and CIFAR-100 for Python (cs.toronto.edu/~kriz/cifar.html): pickled batches in a folder or a .tar.gz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import packed_tar, plain_pickle
from alexnet_studio.images.packed_tar import DamagedArchiveError
from alexnet_studio.images.plain_pickle import PlainPickleError
from alexnet_studio.images.regular_file import read_whole, why
from alexnet_studio.images.source import Contents, Description, Kind, Piece
from alexnet_studio.images.walk import list_folder

Batch = tuple[Literal["train", "test"], str]

_SIDE_PX = 32
_VALUES = 3 * _SIDE_PX * _SIDE_PX
_TOTAL: tuple[tuple[Literal["train", "test"], int], ...] = (
    ("train", 50_000),
    ("test", 10_000),
)  # of both sets
_LARGEST_BYTES = 256 << 20  # CIFAR-100's training file has 155 million
_PACKED = (".tar.gz", ".tgz", ".tar")
_BATCHES_OF_10: dict[str, Batch] = {
    **{f"data_batch_{number}": ("train", f"{number}-") for number in range(1, 6)},
    "test_batch": ("test", ""),
}


@dataclass(frozen=True, slots=True)
class _Set:
    """How one of the two sets calls its files and what is in them."""

    folder: str
    archive: str
    batches: Mapping[str, Batch]  # by file name: the split, and what the images' names begin with
    meta: str
    names_key: str
    labels_key: str


_SETS = (
    _Set(
        folder="cifar-10-batches-py",
        archive="cifar-10-python.tar.gz",
        batches=MappingProxyType(_BATCHES_OF_10),
        meta="batches.meta",
        names_key="label_names",
        labels_key="labels",
    ),
    _Set(
        folder="cifar-100-python",
        archive="cifar-100-python.tar.gz",
        batches=MappingProxyType({"train": ("train", ""), "test": ("test", "")}),
        meta="meta",
        names_key="fine_label_names",
        labels_key="fine_labels",
    ),
)


@dataclass(frozen=True, slots=True)
class Cifar:
    """`place`: the archive, or the folder with the batches."""

    source: Path
    place: Path
    kind: _Set

    @property
    def known_as(self) -> Kind:
        return "cifar"

    def describe(self) -> Description:
        splits = _TOTAL if self.place.is_file() else self._counted()
        return Description(self.known_as, self.source, splits, _VALUES * sum(count for _, count in splits))

    def open(self) -> Contents:
        """Raises `BadInput` ("cifar_damaged", "cifar_unreadable", "cifar_no_names")."""
        keys = self._names()
        total = sum(count for _, count in self.describe().splits)
        return Contents(keys, ordered=True, pieces=self._pieces(keys), total=total)

    def _counted(self) -> tuple[tuple[Literal["train", "test"], int], ...]:
        """From the sizes of the files: a label and a name take some bytes beside the pixels."""
        counts = {"train": 0, "test": 0}
        for name, (split, _) in self.kind.batches.items():
            path = self.place / name
            counts[split] += path.stat().st_size // _VALUES if path.is_file() else 0
        return (("train", counts["train"]), ("test", counts["test"]))

    def _names(self) -> tuple[str, ...]:
        for name, content in self._files({self.kind.meta}):
            listed = self._plain(name, content).get(self.kind.names_key)
            if isinstance(listed, list) and listed:
                return tuple(_text(entry) for entry in cast("list[object]", listed))
        raise BadInput(
            "cifar_no_names",
            "{path} has no class names: its file {meta} is missing or is another one. Get the archive anew.",
            path=str(self.place),
            meta=self.kind.meta,
        )

    def _pieces(self, keys: tuple[str, ...]) -> Iterator[Piece | None]:
        for name, content in self._files(set(self.kind.batches)):
            split, start = self.kind.batches[name]
            yield None
            pixels, labels = self._batch(name, content, len(keys))
            for number, label in enumerate(labels):
                image = pixels[number].reshape(3, _SIDE_PX, _SIDE_PX).transpose(1, 2, 0)
                yield Piece(split, label, f"{start}{number:05}.png", f"{name} image {number}", image)

    def _batch(self, name: str, content: bytes, classes: int) -> tuple[NDArray[np.uint8], list[int]]:
        batch = self._plain(name, content)
        labels, data = batch.get(self.kind.labels_key), batch.get("data")
        listed = cast("list[object]", labels) if isinstance(labels, list) else []
        numbers = [entry for entry in listed if type(entry) is int]
        if not isinstance(data, np.ndarray):
            raise self._damaged(name, "it holds no images")
        pixels = cast("NDArray[np.uint8]", data)
        if pixels.dtype != np.uint8 or pixels.shape != (len(listed), _VALUES) or len(numbers) != len(listed):
            raise self._damaged(name, "its images and labels do not belong together")
        if not all(0 <= number < classes for number in numbers):
            raise self._damaged(name, "it has labels without a class")
        return pixels, numbers

    def _plain(self, name: str, content: bytes) -> dict[str, object]:
        try:
            return plain_pickle.load(content)
        except PlainPickleError as error:
            raise self._damaged(name, str(error)) from error

    def _files(self, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
        """The files of these names with their content, each at most once. Raises `BadInput`."""
        try:
            yield from self._of_archive(set(wanted)) if self.place.is_file() else self._of_folder(wanted)
        except DamagedArchiveError as error:
            raise self._damaged(self.place.name, str(error)) from error
        except OSError as error:
            raise BadInput(
                "cifar_unreadable",
                "{path} cannot be used: the file {reason}. Choose another one.",
                path=str(self.place),
                reason=why(error),
            ) from error

    def _of_folder(self, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
        for name in self.kind.batches if self.kind.meta not in wanted else (self.kind.meta,):
            path = self.place / name
            if path.exists():
                yield name, read_whole(path, _LARGEST_BYTES)

    def _of_archive(self, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
        """In the order in which they lie there."""

        def is_wanted(name: str) -> bool:
            path = PurePosixPath(name)
            return path.name in wanted and path.parent.name == self.kind.folder

        for name, content in packed_tar.contents(self.place, is_wanted, _LARGEST_BYTES):
            wanted.remove(PurePosixPath(name).name)
            yield PurePosixPath(name).name, content
            if not wanted:
                return

    def _damaged(self, name: str, reason: str) -> BadInput:
        shown = str(self.place) if name == self.place.name else f"{self.place} ({name})"
        return BadInput(
            "cifar_damaged",
            "{path} cannot be used: {reason}. Get the archive anew from cs.toronto.edu/~kriz/cifar.html.",
            path=shown,
            reason=reason,
        )


def find(source: Path) -> Cifar | None:
    """The archive or folder of batches that `source` is or holds. None when there is none.

    Raises `OSError`, and `BadInput` ("cifar_several").
    """
    if source.is_file():
        kind = _of_members(source) if source.name.lower().endswith(_PACKED) else None
        return None if kind is None else Cifar(source, source, kind)
    listing = list_folder(source)
    files = set(listing.files)
    for kind in _SETS:
        if kind.meta in files and files & kind.batches.keys():
            return Cifar(source, source, kind)
    inside = [
        Cifar(source, source / (kind.folder if kind.folder in listing.folders else kind.archive), kind)
        for kind in _SETS
        if kind.folder in listing.folders or kind.archive in files
    ]
    if len(inside) > 1:
        raise BadInput(
            "cifar_several",
            "{path} holds both CIFAR-10 and CIFAR-100. Choose one of the two inside it.",
            path=str(source),
        )
    return inside[0] if inside else None


def _of_members(archive: Path) -> _Set | None:
    """Told from the first members, so that a large archive of something else is not unpacked to learn that."""
    try:
        folders = {
            part for name in islice(packed_tar.names(archive), 3) for part in PurePosixPath(name).parts[:1]
        }
    except DamagedArchiveError:  # what is wrong with it is said when it is opened
        folders = {kind.folder for kind in _SETS if kind.archive == archive.name}
    return next((kind for kind in _SETS if kind.folder in folders), None)


def _text(name: object) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
