"""Which class each validation image of ImageNet has: the ground truth, in the forms in which it is passed round."""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import packed_tar
from alexnet_studio.images.class_labels import is_synset
from alexnet_studio.images.regular_file import read_whole, why

_OFFICIAL = "ILSVRC2012_validation_ground_truth.txt"
_META = "meta.mat"
_NAMES = re.compile(
    r"ilsvrc\d+_validation_ground_truth\.txt|.*val(idation)?_synset_labels\.txt|val(_map|_labels|_annotations)?\.txt"
    r"|loc_val_solution\.csv|ilsvrc\d+_devkit_\w+\.tar\.gz",
    re.IGNORECASE,
)
_LAST_NUMBER = re.compile(r"(\d+)$")
_LARGEST_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Truth:
    """`class_of`: the key of an image, by its file's name without suffix; `keys` are sorted, `count` images known."""

    class_of: Callable[[str], str | None]
    keys: tuple[str, ...]
    count: int


def find(folders: Sequence[Path]) -> Path | None:
    """The first file in `folders`, in their order, that is named as a ground truth is; the archive of a kit last."""
    found = [path for folder in folders for path in _files(folder) if _NAMES.fullmatch(path.name)]
    return min(found, key=lambda path: path.name.lower().endswith(".gz"), default=None)


def read(path: Path, synsets: Sequence[str]) -> Truth:
    """`synsets`: those that are known from elsewhere.

    Raises `BadInput` ("truth_unreadable", "truth_unknown", "truth_needs_kit", "truth_few_classes").
    """
    try:
        lines, order = (
            _of_kit(path) if path.name.lower().endswith(".gz") else (_lines(path), _order_beside(path))
        )
    except (OSError, ValueError, KeyError) as error:
        reason = f"the file {why(error)}" if isinstance(error, OSError) and error.errno else "it is damaged"
        raise BadInput(
            "truth_unreadable",
            "{path} cannot be read as the classes of the validation images: {reason}. Get it anew.",
            path=str(path),
            reason=reason,
        ) from error
    named = _named(lines)
    labels = _as_classes([label for _, label in named] or lines, path, synsets, order)
    # The order of the 1,000 labels that programs use is that of the sorted synsets.
    keys = tuple(sorted({*labels, *synsets}))
    if not named:
        return Truth(lambda name: _by_number(name, labels), keys, len(labels))
    by_name = {name: label for (name, _), label in zip(named, labels, strict=True)}
    return Truth(by_name.get, keys, len(by_name))


def _by_number(name: str, labels: Sequence[str]) -> str | None:
    """ILSVRC2012_val_00000001 is the first."""
    match = _LAST_NUMBER.search(name)
    number = 0 if match is None else int(match[1])
    return labels[number - 1] if 1 <= number <= len(labels) else None


def _named(lines: Sequence[str]) -> list[tuple[str, str]]:
    """(name without suffix, label) of lines such as "ILSVRC2012_val_00000001.JPEG 65"; none of lines of one word."""
    rows = [re.split(r"[\s,]+", line) for line in lines]
    if any(len(row) < 2 for row in rows):
        return []
    pairs = [(PurePosixPath(row[0]).stem, row[1]) for row in rows]
    return [(name, label) for name, label in pairs if label.isdecimal() or is_synset(label)]


def _as_classes(labels: Sequence[str], path: Path, synsets: Sequence[str], order: Sequence[str]) -> list[str]:
    """Synsets as they are; numbers from 0 count the sorted synsets, numbers from 1 those of the development kit."""
    if all(is_synset(label) for label in labels):
        return list(labels)
    if not labels or not all(label.isdecimal() for label in labels):
        raise BadInput(
            "truth_unknown",
            "{path} does not say the classes of the validation images. Give one number or synset a line, in the "
            "order of the images, or the image's name before it.",
            path=str(path),
        )
    numbers = [int(label) for label in labels]
    counted = sorted(synsets) if 0 in numbers else order
    first = 0 if 0 in numbers else 1
    if max(numbers) - first >= len(counted):
        raise _needs_kit(path) if first else _too_few(path, max(numbers) + 1, len(counted))
    return [counted[number - first] for number in numbers]


def _needs_kit(path: Path) -> BadInput:
    """The kit's numbers are in no order that could be guessed, and guessing would teach wrong classes."""
    return BadInput(
        "truth_needs_kit",
        "{path} numbers the classes as ImageNet's development kit does. Put the kit "
        "(ILSVRC2012_devkit_t12.tar.gz), or its file meta.mat, into the same folder.",
        path=str(path),
    )


def _too_few(path: Path, wanted: int, known: int) -> BadInput:
    return BadInput(
        "truth_few_classes",
        "{path} numbers {wanted} classes, and {known} are known. Give a file of names with one synset a line "
        '("n01440764 tench").',
        path=str(path),
        wanted=wanted,
        known=known,
    )


def _lines(path: Path) -> list[str]:
    return _text_lines(read_whole(path, _LARGEST_BYTES))


def _text_lines(content: bytes) -> list[str]:
    return [line.strip() for line in content.decode("utf-8-sig").splitlines() if line.strip()]


def _order_beside(path: Path) -> tuple[str, ...]:
    """From meta.mat, or from the kit's archive, beside the ground truth; nothing where neither is there."""
    meta = path.with_name(_META)
    if meta.is_file():
        return _synsets_of(read_whole(meta, _LARGEST_BYTES))
    kits = [
        found for found in _files(path.parent) if re.fullmatch(r"ILSVRC\d+_devkit_\w+\.tar\.gz", found.name)
    ]
    return _of_kit(kits[0])[1] if kits else ()


def _of_kit(archive: Path) -> tuple[list[str], tuple[str, ...]]:
    """The numbers of the validation images and the synsets that they count."""
    found: dict[str, bytes] = {}
    for path, content in packed_tar.contents(archive, _is_of_kit, _LARGEST_BYTES):
        found[PurePosixPath(path).name] = content
        if len(found) == 2:
            break
    return _text_lines(found[_OFFICIAL]), _synsets_of(found[_META])


def _is_of_kit(path: str) -> bool:
    return PurePosixPath(path).name in {_META, _OFFICIAL}


def _synsets_of(meta: bytes) -> tuple[str, ...]:
    """The synsets with images (the later entries are groups of them), by their number in the kit."""
    try:
        table: Any = importlib.import_module("scipy.io").loadmat(io.BytesIO(meta), squeeze_me=True)["synsets"]
        leaves = [entry for entry in _entries(table) if entry[2] == 0]
    except Exception as error:  # scipy's reader raises whatever a damaged file leads it to
        raise ValueError("no table of synsets") from error
    return tuple(synset for _, synset, _ in sorted(leaves))


def _entries(table: Any) -> Iterator[tuple[int, str, int]]:
    for entry in table:
        yield int(entry["ILSVRC2012_ID"]), str(entry["WNID"]), int(entry["num_children"])


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.is_file())
    except OSError:
        return []
