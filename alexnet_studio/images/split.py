"""Which images train, which validate and which test."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alexnet_studio.ground import seeds
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.folder import ImageFolder, SplitName
from alexnet_studio.images.grouping import Group, Grouping, across, grouped

_MANY = 1_000  # images of which a tenth is enough to choose a checkpoint by


@dataclass(frozen=True, slots=True)
class Split:
    """Positions in `ImageFolder.images`, ascending. `note`: a sentence on what was kept together unasked, or not."""

    train: tuple[int, ...]
    val: tuple[int, ...]
    test: tuple[int, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class SplitRule:
    """How a folder without a val/ of its own is split, class by class, by `seed`.

    `fraction` validates; None is a fifth of few images and a tenth of many, which learn better from the rest than
    they are measured by it. With `folds`, the images are cut into so many parts and part `fold` (from 1) validates.
    `group_by` is a regular expression on the path: images whose match (its first group, if it has one) is the same
    stay on one side, so that photos of one specimen never straddle the split. `groups` is a table of path and group
    instead, relative to the folder. Without either, the folder's groups.csv and the names of tiles say what belongs
    together. `alone`: nothing does, which is enough to count by.
    """

    seed: int
    fraction: float | None = None
    group_by: str = ""
    groups: str = ""
    alone: bool = False
    folds: int = 0
    fold: int = 1


def split(folder: ImageFolder, rule: SplitRule) -> Split:
    """The folder's own val/ where it has one, else what the rule draws; test/ is never touched.

    A class of one image (or group) trains with it and has none to validate; a class of more gives at least one.
    Raises `BadInput` ("own_validation", "too_many_folds", and those of `grouping.grouped`).
    """
    train, val, test = (_of(folder, name) for name in ("train", "val", "test"))
    if val:
        _require_plain(folder, rule)
        return Split(train, val, test, "" if rule.alone else across(folder, train, val))
    found = _groups(folder, train, rule)
    groups = found.groups
    if rule.folds:
        drawn = _fold(folder, groups, rule)
    else:
        fraction = (0.1 if len(train) >= _MANY else 0.2) if rule.fraction is None else rule.fraction
        drawn = _share(folder, train, groups, rule.seed, fraction)
    return Split(tuple(i for i in train if i not in drawn), tuple(sorted(drawn)), test, found.note)


def _of(folder: ImageFolder, name: SplitName) -> tuple[int, ...]:
    return tuple(i for i, image in enumerate(folder.images) if image.split == name)


def _require_plain(folder: ImageFolder, rule: SplitRule) -> None:
    asked = {
        "a share": rule.fraction is not None,
        "groups": bool(rule.group_by or rule.groups),
        "folds": bool(rule.folds),
    }
    for what, given in asked.items():
        if given:
            raise BadInput(
                "own_validation",
                "{path} has a folder of its own to validate with, so {what} to split by would do nothing. "
                "Leave it out, or choose the train folder alone.",
                path=str(folder.root),
                what=what,
            )


def _groups(folder: ImageFolder, train: Sequence[int], rule: SplitRule) -> Grouping:
    if rule.alone:
        return Grouping(tuple((i,) for i in train))
    return grouped(folder, train, pattern=rule.group_by, table=rule.groups)


def _share(
    folder: ImageFolder, train: Sequence[int], groups: Sequence[Group], seed: int, fraction: float
) -> set[int]:
    """Groups in a drawn order, as long as no class gives more than its share or its last group."""
    totals = _count(folder, train)
    left = Counter[int]()  # groups that each class still trains with
    for group in groups:
        left.update(set(_count(folder, group)))
    wanted = {label: max(1, round(total * fraction)) for label, total in totals.items()}
    given = Counter[int]()
    drawn: set[int] = set()

    def take(group: Group) -> None:
        drawn.update(group)
        given.update(_count(folder, group))
        left.subtract(set(_count(folder, group)))

    ordered = _ordered(folder, groups, seed)
    for group in ordered:
        held = _count(folder, group)
        if all(left[label] > 1 and given[label] + n <= wanted[label] for label, n in held.items()):
            take(group)
    # A class whose groups are all larger than its share gives its smallest.
    for group in sorted(ordered, key=len):
        held = _count(folder, group)
        if not drawn.intersection(group) and all(left[label] > 1 and not given[label] for label in held):
            take(group)
    return drawn


def _fold(folder: ImageFolder, groups: Sequence[Group], rule: SplitRule) -> set[int]:
    if rule.folds > len(groups):
        raise BadInput(
            "too_many_folds",
            "{path} has {count} images or groups to train with, too few for {folds} folds. Choose fewer.",
            path=str(folder.root),
            count=len(groups),
            folds=rule.folds,
        )
    filled = [Counter[int]() for _ in range(rule.folds)]
    chosen: set[int] = set()
    # Large groups first: they fit worst.
    for group in sorted(_ordered(folder, groups, rule.seed), key=len, reverse=True):
        held = _count(folder, group)
        main = max(held, key=lambda label: held[label])
        part = min(range(rule.folds), key=lambda i: (filled[i][main], filled[i].total(), i))
        filled[part].update(held)
        if part == rule.fold - 1:
            chosen.update(group)
    return chosen


def _count(folder: ImageFolder, positions: Iterable[int]) -> Counter[int]:
    return Counter(folder.images[i].label for i in positions)


def _ordered(folder: ImageFolder, groups: Sequence[Group], seed: int) -> list[Group]:
    """Drawn class by class, by the class's name: adding a class does not redraw the others."""
    per_class = defaultdict[int, list[Group]](list)
    for group in groups:
        per_class[folder.images[group[0]].label].append(group)
    ordered: list[Group] = []
    for label, own in per_class.items():
        order = seeds.generator("split", seed, folder.classes[label]).permutation(len(own))
        ordered += [own[int(i)] for i in order]
    return ordered
