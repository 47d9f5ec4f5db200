"""Who trains and who validates."""

from __future__ import annotations

from pathlib import Path

import pytest
from image_corpus import class_folders, scanned

from alexnet_studio.images.split import split


def test_a_fifth_of_each_class_validates(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"a": 10, "b": 20}, side=2))
    parts = split(folder, seed=1)
    assert sorted((*parts.train, *parts.val)) == list(range(30))
    assert [folder.images[i].label for i in parts.val] == [0, 0, 1, 1, 1, 1]
    assert parts.test == ()


def test_the_seed_decides_and_nothing_else(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"a": 10, "b": 10}, side=2))
    assert split(folder, seed=1) == split(folder, seed=1)
    assert split(folder, seed=1) != split(folder, seed=2)


def test_another_class_does_not_redraw_the_others(tmp_path: Path) -> None:
    few = scanned(class_folders(tmp_path, {"b": 10, "c": 10}, side=2))
    before = {few.images[i].path for i in split(few, seed=3).val}
    many = scanned(class_folders(tmp_path, {"a": 10}, side=2))
    after = {many.images[i].path for i in split(many, seed=3).val}
    assert before <= after


@pytest.mark.parametrize(("count", "val"), [(1, 0), (2, 1), (3, 1), (4, 1), (8, 2)])
def test_fault_08_small_classes_keep_one_to_train(count: int, val: int, tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path, {"small": count, "z": 1}, side=2))
    parts = split(folder, seed=1)
    assert len(parts.val) == val
    assert len(parts.train) == count + 1 - val


def test_a_val_folder_is_used_as_it_is_and_test_never_trains(tmp_path: Path) -> None:
    for part, count in (("train", 5), ("val", 2), ("test", 3)):
        class_folders(tmp_path / part, {"a": count, "b": count}, side=2)
    folder = scanned(tmp_path)
    parts = split(folder, seed=1)
    assert (len(parts.train), len(parts.val), len(parts.test)) == (10, 4, 6)
    assert {folder.images[i].split for i in parts.test} == {"test"}
