"""ImageNet (ILSVRC) as its archives or unpacked: which parts a folder holds, and what their classes are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import headers, imagenet_archives, imagenet_truth, names_file
from alexnet_studio.images.class_labels import is_synset, synset_words
from alexnet_studio.images.imagenet_truth import Truth
from alexnet_studio.images.layout import SplitName
from alexnet_studio.images.source import Contents, Description, Kind, Piece, Split
from alexnet_studio.images.walk import Listing, Skipped, Walk, list_folder, printable

# "tars": a tar of one tar a class; "tar": a tar of images; "folders": one folder a class; "flat": a folder of images.
Form = Literal["tars", "tar", "folders", "flat"]

_TRAIN = re.compile(r"ILSVRC\d{4}_img_train\w*\.tar")
_VAL = re.compile(r"ILSVRC\d{4}_img_val\w*\.tar")
_WORDS = re.compile(r"(loc_)?synset(s|_words|_mapping)?\.txt|imagenet_class_index\.json", re.IGNORECASE)
_IMAGE_BYTES = 115_000  # the average of ILSVRC2012's


@dataclass(frozen=True, slots=True)
class Part:
    split: Split
    path: Path
    form: Form

    @property
    def has_classes(self) -> bool:
        """The others need the ground truth."""
        return self.form in {"tars", "folders"}


@dataclass(frozen=True, slots=True)
class ImageNet:
    """`truth`: the ground truth of the validation images; `words`: the file that gives the synsets names."""

    source: Path
    parts: tuple[Part, ...]
    truth: Path | None
    words: Path | None

    @property
    def known_as(self) -> Kind:
        return "imagenet"

    def describe(self) -> Description:
        counts: list[tuple[Split, int]] = [(part.split, _count(part)) for part in self.parts]
        size = sum(part.path.stat().st_size for part in self.parts if part.path.is_file())
        loose = sum(count for part, (_, count) in zip(self.parts, counts, strict=True) if part.path.is_dir())
        return Description(self.known_as, self.source, tuple(counts), size + loose * _IMAGE_BYTES)

    def open(self) -> Contents:
        """Raises `BadInput` ("truth_missing", "archive_damaged", "archive_unreadable", and those of the truth)."""
        synsets = sorted({name for part in self.parts if part.has_classes for name in _classes(part)})
        truth = self._truth(synsets)
        keys = truth.keys if truth is not None else tuple(synsets)
        return Contents(
            keys=keys,
            ordered=True,
            pieces=self._pieces({key: label for label, key in enumerate(keys)}, truth),
            total=self.describe().images,
            words=self.words,
        )

    def _truth(self, synsets: list[str]) -> Truth | None:
        unlabelled = [part.path for part in self.parts if not part.has_classes]
        if not unlabelled:
            return None
        if self.truth is None:
            raise BadInput(
                "truth_missing",
                "The classes of the images in {path} are not known. Put the ground truth "
                "(ILSVRC2012_devkit_t12.tar.gz, or val.txt with a name and a class a line) beside it.",
                path=str(unlabelled[0]),
            )
        return imagenet_truth.read(self.truth, synsets or self._named_synsets())

    def _named_synsets(self) -> list[str]:
        words = None if self.words is None else synset_words(names_file.read(self.words))
        return sorted(words or ())

    def _pieces(self, label_of: dict[str, int], truth: Truth | None) -> Iterator[Piece | Skipped | None]:
        def label(name: str) -> int | None:
            key = None if truth is None else truth.class_of(name)
            return None if key is None else label_of[key]

        for part in self.parts:
            match part.form:
                case "tars":
                    yield from imagenet_archives.training(part.path, part.split, label_of.__getitem__)
                case "tar":
                    yield from imagenet_archives.flat(part.path, part.split, label)
                case "folders":
                    for name in _classes(part):
                        yield from _files(part, name, label_of[name])
                case "flat":
                    for name in _images(list_folder(part.path)):
                        known = label(Path(name).stem)
                        if known is None:
                            yield Skipped(
                                f"{part.path.name}/{printable(name)}", "has no class in the ground truth"
                            )
                        else:
                            yield Piece(part.split, known, name, name, part.path / name)


def find(source: Path, names: Path | None, truth: Path | None = None) -> ImageNet | None:
    """The parts of ImageNet that the folder `source` holds, or the one that is the archive `source`.

    `names`, `truth`: files that a person has given. None where there are no parts. Raises `OSError`.
    """
    if source.is_file():
        part = _archive(source)
        return None if part is None else _with_files(source, source.parent, (part,), names, truth)
    parts = _parts(source, truth)
    return _with_files(source, source, parts, names, truth) if parts else None


def _with_files(
    source: Path, folder: Path, parts: tuple[Part, ...], names: Path | None, truth: Path | None
) -> ImageNet:
    around = list_folder(folder)
    inside = [folder / name for name in around.folders if not is_synset(name)]
    beside = [
        folder,
        *(part.path for part in parts if part.form == "flat"),
        *inside,
        *(p / "data" for p in inside),
    ]
    words = [folder / name for name in around.files if _WORDS.fullmatch(name)]
    return ImageNet(
        source,
        parts,
        truth if truth is not None else imagenet_truth.find(beside),
        names if names is not None else next(iter(words), None),
    )


def _parts(folder: Path, truth: Path | None) -> tuple[Part, ...]:
    """Archives before folders: a folder of the same split may have been unpacked in part."""
    listing = list_folder(folder)
    if any(is_synset(name) for name in listing.folders):
        return (Part("", folder, "folders"),)
    archives = [part for name in listing.files if (part := _archive(folder / name)) is not None]
    parts: dict[Split, Part] = {part.split: part for part in reversed(archives)}
    for split in ("train", "val"):
        found = _unpacked(folder / split, split) if split in listing.folders else None
        if found is not None:
            parts.setdefault(split, found)
    if not parts and _numbered(listing) and (truth or imagenet_truth.find([folder])) is not None:
        return (Part("val", folder, "flat"),)
    return tuple(parts[split] for split in ("train", "val") if split in parts)


def _archive(path: Path) -> Part | None:
    if _TRAIN.fullmatch(path.name):
        return Part("train", path, "tars")
    return Part("val", path, "tar") if _VAL.fullmatch(path.name) else None


def _unpacked(folder: Path, split: SplitName) -> Part | None:
    listing = list_folder(folder)
    if any(is_synset(name) for name in listing.folders):
        return Part(split, folder, "folders")
    if _images(listing):
        return Part(split, folder, "flat") if split == "val" else None
    # Tiny ImageNet has val/images/.
    return _unpacked(folder / "images", split) if listing.folders == ("images",) else None


def _numbered(listing: Listing) -> bool:
    return any(re.search(r"val_\d+\.\w+$", name) for name in listing.files)


def _images(listing: Listing) -> Sequence[str]:
    return [name for name in listing.files if headers.suffix(name) in headers.FORMAT_OF_SUFFIX]


def _classes(part: Part) -> tuple[str, ...]:
    if part.form == "tars":
        return imagenet_archives.classes(part.path)
    return tuple(name for name in list_folder(part.path).folders if is_synset(name))


def _files(part: Part, name: str, label: int) -> Iterator[Piece | Skipped]:
    walk = Walk(part.path)
    for found in walk.leaves(name):
        if isinstance(found, Skipped):
            yield found
        elif headers.suffix(found) in headers.FORMAT_OF_SUFFIX:
            yield Piece(part.split, label, found.rpartition("/")[2], found, part.path / found)


def _count(part: Part) -> int:
    """Of images; archives and class folders are not read for it."""
    if part.path.is_file():
        return part.path.stat().st_size // _IMAGE_BYTES
    listing = list_folder(part.path)
    if part.form == "flat":
        return len(_images(listing))
    # Any class stands for all: those of ImageNet have about the same number of images.
    first = next(name for name in listing.folders if is_synset(name))
    return len(_classes(part)) * sum(1 for _ in Walk(part.path).leaves(first))
