"""The images that the window knows of: a scanned folder, or what a run's own record remembers of one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.studio.views.data import ClassRow, SkippedRow

if TYPE_CHECKING:
    from alexnet_studio.images.corrections import Corrections
    from alexnet_studio.images.folder import ImageFolder, SplitName

# path, label (-1: left out), split
Labelled = tuple[str, int, str]


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """Precomputed for the panel. `labelled` are all images in order, those that a person left out at the end.

    `folder` is as it will be trained, with the corrections, `scanned` as it lies on the disk; both None where only a
    run's record is known (the images are not on this machine, or not scanned yet). `changed`: paths with another
    class than their folder's. `alike`: groups of paths of the same picture, where that was looked for.
    """

    name: str
    root: str
    folder: ImageFolder | None
    scanned: ImageFolder | None
    classes: tuple[ClassRow, ...]
    splits: tuple[SplitName, ...]
    labelled: tuple[Labelled, ...]
    skipped: tuple[SkippedRow, ...]
    notes: tuple[str, ...]
    images: int
    changed: frozenset[str] = frozenset()
    alike: tuple[tuple[str, ...], ...] | None = None

    @property
    def trainable(self) -> bool:
        return self.folder is not None and len(self.classes) > 1


def of_folder(
    scanned: ImageFolder, corrections: Corrections | None = None, *, looked: bool = False
) -> Dataset:
    """`looked`: every image was decoded, so that the same ones are known."""
    from alexnet_studio.images.corrections import corrected

    folder = scanned if corrections is None else corrected(scanned, corrections)
    labelled: list[Labelled] = [(image.path, image.label, image.split) for image in folder.images]
    changed: frozenset[str] = frozenset()
    if corrections:
        before = {image.path: scanned.classes[image.label] for image in scanned.images}
        changed = frozenset(
            path for path, name in corrections.labels if name and before.get(path, name) != name
        )
        labelled += [(path, -1, "") for path, name in corrections.labels if not name and path in before]
    skipped = tuple(_skipped(row.path, row.reason) for row in folder.skipped)
    return _dataset(
        folder.root.name,
        str(folder.root),
        (folder, scanned),
        folder.classes,
        labelled,
        skipped,
        folder.notes,
        changed=changed,
        alike=tuple(group.paths for group in folder.alike) if looked else None,
    )


def of_record(root: str, classes: Sequence[str], train: Sequence[str], val: Sequence[str]) -> Dataset:
    """What a run used, from the paths in its record; a path's class is a folder in it, the deepest that is one."""
    labels = {name: label for label, name in enumerate(classes)}
    labelled: list[Labelled] = []
    for split, paths in (("train", train), ("val", val)):
        for path in paths:
            label = label_of(path, labels)
            if label is not None:
                labelled.append((path, label, split))
    return _dataset(Path(root).name, root, None, classes, labelled, (), ())


def label_of(path: str, labels: dict[str, int]) -> int | None:
    """The class in a path relative to a data root: its first folder, or its second under `train/` and the like."""
    folders = path.split("/")[:-1]
    if not folders:
        return None
    if len(folders) > 1 and folders[0] in {"train", "val", "test"}:
        return labels.get(folders[1], labels.get(folders[0]))
    return labels.get(folders[0])


@lru_cache(maxsize=4)
def shown(dataset: Dataset, label: int | None, kept: str, words: str) -> tuple[str, ...]:
    """The paths of one class (None: all), of one filter, that have all of `words` in them."""
    wanted = words.casefold().split()
    if kept == "alike":
        of_class = {path for path, own, _ in dataset.labelled if own == label}
        groups = dataset.alike or ()
        paths = [path for group in groups for path in group if label is None or path in of_class]
    else:
        paths = [
            path
            for path, own, split in dataset.labelled
            if _is_kept(kept, path, own, split, dataset.changed) and (label is None or own == label)
        ]
    return tuple(path for path in paths if all(word in path.casefold() for word in wanted))


@lru_cache(maxsize=64)
def class_of(dataset: Dataset, path: str) -> str | None:
    """The name of the image's class, "" for one that was left out; None for an image from elsewhere."""
    for own, label, _ in dataset.labelled:
        if own == path:
            return "" if label < 0 else next(row.name for row in dataset.classes if row.label == label)
    return None


@lru_cache(maxsize=4)
def skipped_problems(dataset: Dataset) -> tuple[tuple[str, int], ...]:
    """Each problem with the number of files that have it, the most frequent first."""
    return tuple(Counter(row.problem for row in dataset.skipped).most_common())


@lru_cache(maxsize=4)
def skipped_with(dataset: Dataset, problem: str) -> tuple[SkippedRow, ...]:
    """The files with one problem; "" is all of them."""
    return tuple(row for row in dataset.skipped if row.problem == problem) if problem else dataset.skipped


def _skipped(path: str, reason: str) -> SkippedRow:
    from alexnet_studio.images.skipped_problem import may_be_seen, problem_of

    problem = problem_of(reason)
    return SkippedRow(path, reason, problem.value, may_be_seen(problem))


def _is_kept(kept: str, path: str, label: int, split: str, changed: frozenset[str]) -> bool:
    if kept == "changed":
        return path in changed
    if kept == "left_out" or label < 0:
        return kept == "left_out" and label < 0
    return not kept or split == kept


def _dataset(
    name: str,
    root: str,
    folders: tuple[ImageFolder, ImageFolder] | None,
    classes: Sequence[str],
    labelled: Sequence[Labelled],
    skipped: tuple[SkippedRow, ...],
    notes: tuple[str, ...],
    *,
    changed: frozenset[str] = frozenset(),
    alike: tuple[tuple[str, ...], ...] | None = None,
) -> Dataset:
    from alexnet_studio.images.natural_order import natural

    counts = Counter((label, split) for _, label, split in labelled)
    present = {split for _, _, split in labelled}
    order: tuple[SplitName, ...] = ("train", "val", "test")
    # Shown as people count; the label stays torchvision's.
    rows = [
        ClassRow(text, label, counts[label, "train"], counts[label, "val"], counts[label, "test"])
        for label, text in sorted(enumerate(classes), key=lambda pair: natural(pair[1]))
    ]
    return Dataset(
        name=name,
        root=root,
        folder=folders[0] if folders else None,
        scanned=folders[1] if folders else None,
        classes=tuple(rows),
        splits=tuple(split for split in order if split in present),
        labelled=tuple(labelled),
        skipped=skipped,
        notes=notes,
        images=sum(label >= 0 for _, label, _ in labelled),
        changed=changed,
        alike=alike,
    )
