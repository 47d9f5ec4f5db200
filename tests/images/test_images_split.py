"""Who trains and who validates."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from image_corpus import class_folders, noise, save, scanned

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.natural_order import natural
from alexnet_studio.images.split import SplitRule, split


def test_a_fifth_of_each_class_validates(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"a": 10, "b": 20}, side=2))
    parts = split(folder, SplitRule(seed=1))
    assert sorted((*parts.train, *parts.val)) == list(range(30))
    assert [folder.images[i].label for i in parts.val] == [0, 0, 1, 1, 1, 1]
    assert parts.test == ()


def test_the_seed_decides_and_nothing_else(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"a": 10, "b": 10}, side=2))
    assert split(folder, SplitRule(seed=1)) == split(folder, SplitRule(seed=1))
    assert split(folder, SplitRule(seed=1)) != split(folder, SplitRule(seed=2))


def test_another_class_does_not_redraw_the_others(tmp_path: Path) -> None:
    few = scanned(class_folders(tmp_path, {"b": 10, "c": 10}, side=2))
    before = {few.images[i].path for i in split(few, SplitRule(seed=3)).val}
    many = scanned(class_folders(tmp_path, {"a": 10}, side=2))
    after = {many.images[i].path for i in split(many, SplitRule(seed=3)).val}
    assert before <= after


@pytest.mark.parametrize(("count", "val"), [(1, 0), (2, 1), (3, 1), (4, 1), (8, 2)])
def test_fault_08_small_classes_keep_one_to_train(count: int, val: int, tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"small": count, "z": 1}, side=2))
    parts = split(folder, SplitRule(seed=1))
    assert len(parts.val) == val
    assert len(parts.train) == count + 1 - val


def test_a_val_folder_is_used_as_it_is_and_test_never_trains(tmp_path: Path) -> None:
    for part, count in (("train", 5), ("val", 2), ("test", 3)):
        class_folders(tmp_path / part, {"a": count, "b": count}, side=2)
    folder = scanned(tmp_path)
    parts = split(folder, SplitRule(seed=1))
    assert (len(parts.train), len(parts.val), len(parts.test)) == (10, 4, 6)
    assert {folder.images[i].split for i in parts.test} == {"test"}


def specimens(root: Path) -> ImageFolder:
    """Two classes of twelve specimens with three photos each."""
    for name in ("6.5", "10.0"):
        (root / name).mkdir(parents=True)
        for specimen in range(12):
            for zoom in (100, 500, 1000):
                save(noise(specimen, 2, 2), root / name / f"{specimen}-{name}-{zoom}x.png")
    return scanned(root)


@pytest.mark.parametrize("rule", [{}, {"folds": 4, "fold": 2}, {"fraction": 0.4}])
def test_photos_of_one_specimen_never_straddle_the_split(rule: dict[str, Any], tmp_path: Path) -> None:
    folder = specimens(tmp_path)
    parts = split(folder, SplitRule(seed=1, group_by=r"^(\d+)-", **rule))
    sides = [
        {folder.images[i].path.split("/")[1].split("-")[0] for i in side} for side in (parts.train, parts.val)
    ]
    assert not sides[0] & sides[1]
    assert sorted((*parts.train, *parts.val)) == list(range(72))
    share = rule.get("fraction", 0.25 if rule else 0.2)
    for label in (0, 1):
        held = [i for i in parts.val if folder.images[i].label == label]
        assert abs(len(held) - 36 * share) < 3  # less than a specimen off


def test_the_folds_are_every_image_once_and_each_has_its_share_of_each_class(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"a": 10, "b": 21, "c": 3}, side=2))
    folds = [split(folder, SplitRule(seed=1, folds=3, fold=fold)) for fold in (1, 2, 3)]
    assert sorted(i for parts in folds for i in parts.val) == list(range(34))
    for parts in folds:
        assert sorted((*parts.train, *parts.val)) == list(range(34))
        counts = Counter(folder.images[i].label for i in parts.val)
        assert (counts[0] in {3, 4}, counts[1], counts[2]) == (True, 7, 1)


def test_leave_one_out_is_as_many_folds_as_images(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"a": 3, "b": 2}, side=2))
    assert [len(split(folder, SplitRule(seed=1, folds=5, fold=f)).val) for f in range(1, 6)] == [1] * 5


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ({"folds": 9}, "too few for 9 folds"),
        ({"group_by": "^nobody"}, "The pattern ^nobody matches no image of"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule: dict[str, Any], told: str, tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"a": 4, "b": 4}, side=2))
    with pytest.raises(BadInput) as caught:
        split(folder, SplitRule(seed=1, **rule))
    assert told in str(caught.value)


def test_a_rule_beside_a_val_folder_is_refused_and_not_ignored(tmp_path: Path) -> None:
    for part in ("train", "val"):
        class_folders(tmp_path / part, {"a": 2, "b": 2}, side=2)
    with pytest.raises(BadInput, match="folds to split by would do nothing"):
        split(scanned(tmp_path), SplitRule(seed=1, folds=2))


def test_names_are_shown_as_people_count() -> None:
    assert sorted(["10.0", "6.5", "image10", "image2", "Beta", "alpha"], key=natural) == [
        "6.5",
        "10.0",
        "alpha",
        "Beta",
        "image2",
        "image10",
    ]
