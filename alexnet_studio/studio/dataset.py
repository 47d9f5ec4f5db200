"""The images that the window knows of: a scanned folder, or what a run's own record remembers of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.studio.views import ClassRow, SkippedRow

if TYPE_CHECKING:
    from alexnet_studio.images.folder import ImageFolder, SplitName

_SAMPLES_OF_CLASS = 200  # thumbnails of one class that the panel offers
_SAMPLES_OF_ALL = 240  # of all classes together, taken in turn


@dataclass(frozen=True, slots=True)
class Dataset:
    """Precomputed for the panel: `samples[label]` are the first paths of a class, `overview` some of every class.

    `folder` is None where only a run's record is known (the images are not on this machine, or not scanned yet).
    """

    name: str
    root: str
    folder: ImageFolder | None
    classes: tuple[ClassRow, ...]
    splits: tuple[SplitName, ...]
    samples: tuple[tuple[str, ...], ...]
    overview: tuple[str, ...]
    skipped: tuple[SkippedRow, ...]
    notes: tuple[str, ...]
    images: int

    @property
    def trainable(self) -> bool:
        return self.folder is not None and len(self.classes) > 1


def of_folder(folder: ImageFolder) -> Dataset:
    labelled: list[tuple[str, int, SplitName]] = [
        (image.path, image.label, image.split) for image in folder.images
    ]
    skipped = tuple(SkippedRow(row.path, row.reason) for row in folder.skipped)
    return _dataset(
        folder.root.name, str(folder.root), folder, folder.classes, labelled, skipped, folder.notes
    )


def of_record(root: str, classes: Sequence[str], train: Sequence[str], val: Sequence[str]) -> Dataset:
    """What a run used, from the paths in its record; a path's class is a folder in it, the deepest that is one."""
    labels = {name: label for label, name in enumerate(classes)}
    labelled: list[tuple[str, int, SplitName]] = []
    for split, paths in (("train", train), ("val", val)):
        for path in paths:
            label = label_of(path, labels)
            if label is not None:
                labelled.append((path, label, "val" if split == "val" else "train"))
    return _dataset(Path(root).name, root, None, classes, labelled, (), ())


def label_of(path: str, labels: dict[str, int]) -> int | None:
    """The class in a path relative to a data root: its first folder, or its second under `train/` and the like."""
    folders = path.split("/")[:-1]
    if not folders:
        return None
    if len(folders) > 1 and folders[0] in {"train", "val", "test"}:
        return labels.get(folders[1], labels.get(folders[0]))
    return labels.get(folders[0])


def _dataset(
    name: str,
    root: str,
    folder: ImageFolder | None,
    classes: Sequence[str],
    labelled: Sequence[tuple[str, int, SplitName]],
    skipped: tuple[SkippedRow, ...],
    notes: tuple[str, ...],
) -> Dataset:
    counts = Counter((label, split) for _, label, split in labelled)
    present: set[SplitName] = {split for _, _, split in labelled}
    order: tuple[SplitName, ...] = ("train", "val", "test")
    samples: list[list[str]] = [[] for _ in classes]
    for path, label, _ in labelled:
        if len(samples[label]) < _SAMPLES_OF_CLASS:
            samples[label].append(path)
    rows = tuple(
        ClassRow(text, label, counts[label, "train"], counts[label, "val"], counts[label, "test"])
        for label, text in enumerate(classes)
    )
    return Dataset(
        name=name,
        root=root,
        folder=folder,
        classes=rows,
        splits=tuple(split for split in order if split in present),
        samples=tuple(map(tuple, samples)),
        overview=_in_turn(samples, _SAMPLES_OF_ALL),
        skipped=skipped,
        notes=notes,
        images=len(labelled),
    )


def _in_turn(samples: Iterable[list[str]], limit: int) -> tuple[str, ...]:
    """As many of every class as fit, class by class, so that the overview shows each of them."""
    columns = [paths for paths in samples if paths]
    each = max(1, min(12, limit // max(1, len(columns))))
    return tuple(path for paths in columns[:limit] for path in paths[:each])
