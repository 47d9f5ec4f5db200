"""Which images train, which validate and which test."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from alexnet_studio.ground import seeds
from alexnet_studio.images.folder import ImageFolder, SplitName

_MANY = 1_000  # images of which a tenth is enough to choose a checkpoint by


@dataclass(frozen=True, slots=True)
class Split:
    """Positions in `ImageFolder.images`, ascending."""

    train: tuple[int, ...]
    val: tuple[int, ...]
    test: tuple[int, ...]


def split(folder: ImageFolder, *, seed: int, fraction: float | None = None) -> Split:
    """The folder's own val/ where it has one; else `fraction` of each class's images, drawn by `seed`.

    None is a fifth of few images and a tenth of many, which learn better from the rest than they are measured by it.

    A class of one image trains with it and has none to validate; a class of two or more gives at least one.
    """
    train, val, test = (_of(folder, name) for name in ("train", "val", "test"))
    if val:
        return Split(train, val, test)
    if fraction is None:
        fraction = 0.1 if len(train) >= _MANY else 0.2
    drawn = _drawn(folder, train, seed, fraction)
    return Split(tuple(i for i in train if i not in drawn), tuple(sorted(drawn)), test)


def _of(folder: ImageFolder, name: SplitName) -> tuple[int, ...]:
    return tuple(i for i, image in enumerate(folder.images) if image.split == name)


def _drawn(folder: ImageFolder, train: tuple[int, ...], seed: int, fraction: float) -> set[int]:
    per_class = defaultdict[int, list[int]](list)
    for position in train:
        per_class[folder.images[position].label].append(position)
    drawn: set[int] = set()
    for label, positions in per_class.items():
        if len(positions) < 2:
            continue
        count = min(max(1, round(len(positions) * fraction)), len(positions) - 1)
        # By the class's name: adding a class does not redraw the others.
        order = seeds.generator("split", seed, folder.classes[label]).permutation(len(positions))
        drawn.update(positions[int(i)] for i in order[:count])
    return drawn
