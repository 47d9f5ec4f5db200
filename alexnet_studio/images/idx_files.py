"""MNIST, FashionMNIST and their kin: IDX files (yann.lecun.com/exdb/mnist), packed by gzip or not."""

from __future__ import annotations

import gzip
import re
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import BinaryIO, Literal, cast

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.regular_file import open_regular, why
from alexnet_studio.images.source import Contents, Description, Kind, Piece, Split
from alexnet_studio.images.walk import list_folder

IdxSplit = Literal["train", "test"]
_Labels = Mapping[IdxSplit, NDArray[np.uint8]]

_NAME = re.compile(r"(?P<set>.*?)(?P<split>train|t10k|test)-(?P<what>images|labels)[-.]idx[13]-ubyte(\.gz)?")
_UNSIGNED_BYTES = 0x08  # the third byte of the header: what a value is
_LARGEST_BYTES = 1 << 30  # EMNIST's largest file has 547 million
_BLOCK_BYTES = 1 << 22
_FASHION = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag"),
    "Ankle boot",
)


@dataclass(frozen=True, slots=True)
class IdxFiles:
    """The two files of each split."""

    source: Path
    pairs: Mapping[IdxSplit, tuple[Path, Path]]  # images, labels

    @property
    def known_as(self) -> Kind:
        return "idx"

    def describe(self) -> Description:
        shapes = {split: _shape(images, 3) for split, (images, _) in self.pairs.items()}
        counts: list[tuple[Split, int]] = [(split, shapes[split][0]) for split in self.pairs]
        return Description(self.known_as, self.source, tuple(counts), sum(map(prod, shapes.values())))

    def open(self) -> Contents:
        """Raises `BadInput` ("idx_unreadable", "idx_damaged", "idx_unpaired")."""
        labels: _Labels = {split: self._labels(split) for split in self.pairs}
        values = sorted({int(value) for found in labels.values() for value in np.unique(found)})
        return Contents(
            keys=self._names(values),
            ordered=values == list(range(len(values))),
            pieces=self._pieces(labels, {value: label for label, value in enumerate(values)}),
            total=sum(len(found) for found in labels.values()),
        )

    def _labels(self, split: IdxSplit) -> NDArray[np.uint8]:
        images, labels = self.pairs[split]
        blocks = _blocks(labels, 1)
        found = np.frombuffer(b"".join(blocks), np.uint8)
        count = _shape(images, 3)[0]
        if len(found) != count:
            raise BadInput(
                "idx_unpaired",
                "{images} has {count} images and {labels} has {found} labels. Give files that belong together.",
                images=str(images),
                count=count,
                labels=labels.name,
                found=len(found),
            )
        return found

    def _names(self, values: list[int]) -> tuple[str, ...]:
        fashion = "fashion" in str(self.source.absolute()).casefold()
        if fashion and values == list(range(len(_FASHION))):
            return _FASHION
        return tuple(str(value) for value in values)

    def _pieces(self, labels: _Labels, label_of: Mapping[int, int]) -> Iterator[Piece | None]:
        for split, (images, _) in self.pairs.items():
            count, height, width = _shape(images, 3)
            blocks: list[bytes] = []
            for block in _blocks(images, 3):
                blocks.append(block)
                yield None
            # Whole in memory: a file that ends early is refused before the first of its images is written.
            pixels = np.frombuffer(b"".join(blocks), np.uint8).reshape(count, height, width, 1)
            del blocks
            for number, value in enumerate(labels[split]):
                origin = f"{images.name} image {number}"
                yield Piece(split, label_of[int(value)], f"{number:05}.png", origin, pixels[number])


def find(source: Path) -> IdxFiles | None:
    """The IDX files in the folder `source` or in its folder raw/ (where torchvision has them), or those beside a file.

    None when there are none. Raises `OSError`, and `BadInput` ("idx_several", "idx_unpaired_file").
    """
    if source.is_file():
        match = _NAME.fullmatch(source.name)
        return None if match is None else _of_set(source, source.parent, _sets(source.parent)[match["set"]])
    for folder in (source, source / "raw"):
        found = _sets(folder) if folder.is_dir() else {}
        if len(found) > 1:
            names = ", ".join(sorted(name or "(no name)" for name in found))
            raise BadInput(
                "idx_several",
                "{path} holds several sets of images ({names}). Choose one of their files instead of the folder.",
                path=str(folder),
                names=names,
            )
        if found:
            return _of_set(source, folder, next(iter(found.values())))
    return None


_Found = Mapping[tuple[str, str], str]  # (split, images or labels): the file's name


def _sets(folder: Path) -> dict[str, dict[tuple[str, str], str]]:
    found: defaultdict[str, dict[tuple[str, str], str]] = defaultdict(dict)
    # Sorted, "x.gz" follows "x": the unpacked one is taken.
    for name in list_folder(folder).files:
        match = _NAME.fullmatch(name)
        if match is not None:
            split = "train" if match["split"] == "train" else "test"
            found[match["set"]].setdefault((split, match["what"]), name)
    return found


def _of_set(source: Path, folder: Path, found: _Found) -> IdxFiles:
    pairs: dict[IdxSplit, tuple[Path, Path]] = {}
    for split in cast("tuple[IdxSplit, ...]", ("train", "test")):
        images, labels = found.get((split, "images")), found.get((split, "labels"))
        if images is not None and labels is not None:
            pairs[split] = (folder / images, folder / labels)
        elif images is not None or labels is not None:
            raise BadInput(
                "idx_unpaired_file",
                "{path} lies there without its {what}. Put both files into one folder.",
                path=str(folder / (images or labels or "")),
                what="labels" if images else "images",
            )
    return IdxFiles(source, pairs)


def _shape(path: Path, dimensions: int) -> tuple[int, ...]:
    """The sizes in the header. Raises `BadInput` ("idx_unreadable", "idx_damaged")."""
    with _Reading(path) as file:
        return _header(path, file, dimensions)


def _blocks(path: Path, dimensions: int) -> Iterator[bytes]:
    """The values after the header, in blocks. Raises `BadInput` ("idx_unreadable", "idx_damaged")."""
    with _Reading(path) as file:
        left = prod(_header(path, file, dimensions))
        while left:
            block = file.read(min(left, _BLOCK_BYTES))
            if not block:
                raise _damaged(path, "it ends early")
            left -= len(block)
            yield block
        if file.read(1):
            raise _damaged(path, "it goes on after its last value")


class _Reading:
    """The file, unpacked when it is packed (by its content: some are named .gz and are not, and the reverse)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> BinaryIO:
        try:
            self._file = open_regular(self._path)
            packed = self._file.read(2) == b"\x1f\x8b"
            self._file.seek(0)
        except OSError as error:
            raise _unreadable(self._path, why(error)) from error
        return cast("BinaryIO", gzip.GzipFile(fileobj=self._file)) if packed else self._file

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._file.close()
        if isinstance(error, EOFError):
            raise _damaged(self._path, "it ends early") from error
        if isinstance(error, gzip.BadGzipFile | zlib.error):
            raise _damaged(self._path, "its packing is broken") from error
        if isinstance(error, OSError):
            raise _unreadable(self._path, why(error)) from error


def _header(path: Path, file: BinaryIO, dimensions: int) -> tuple[int, ...]:
    start = file.read(4 + 4 * dimensions)
    if start[:4] != bytes((0, 0, _UNSIGNED_BYTES, dimensions)) or len(start) < 4 + 4 * dimensions:
        raise _damaged(path, f"it does not begin as an IDX file of {dimensions}-dimensional bytes does")
    sizes = struct.unpack(f">{dimensions}I", start[4:])
    if 0 in sizes:
        raise _damaged(path, "it holds nothing")
    if prod(sizes) > _LARGEST_BYTES:
        raise _damaged(
            path, f"its header promises {prod(sizes):,} bytes, and at most {_LARGEST_BYTES:,} are read"
        )
    return sizes


def _damaged(path: Path, reason: str) -> BadInput:
    return BadInput(
        "idx_damaged",
        "{path} cannot be used: {reason}. Get the file anew.",
        path=str(path),
        reason=reason,
    )


def _unreadable(path: Path, reason: str) -> BadInput:
    return BadInput(
        "idx_unreadable",
        "{path} cannot be used: the file {reason}. Choose another one.",
        path=str(path),
        reason=reason,
    )
