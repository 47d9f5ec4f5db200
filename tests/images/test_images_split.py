"""Who trains and who validates."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from image_corpus import class_folders, noise, save, scanned

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.grouping import from_folder
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


def grouped(root: Path, rows: list[str], name: str = "groups.csv") -> Path:
    (root / name).write_text("\n".join(["path,group", *rows]), "utf-8")
    return root / name


def sides(folder: ImageFolder, rule: SplitRule, group_of: dict[str, str]) -> list[set[str]]:
    parts = split(folder, rule)
    assert sorted((*parts.train, *parts.val)) == list(range(len(folder.images)))
    return [{group_of[folder.images[i].path] for i in side} for side in (parts.train, parts.val)]


def of_three(folder: ImageFolder) -> dict[str, str]:
    """Groups that no name tells: every third image of the folder."""
    return {image.path: f"specimen {i % 7}" for i, image in enumerate(folder.images)}


@pytest.mark.parametrize("written", ["{}", "./{}"])
def test_a_table_says_what_belongs_together(written: str, tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path / "in", {"a": 20, "b": 20}, side=2))
    group_of = of_three(folder)
    rows = [f"{path},{group}" for path, group in group_of.items()]
    grouped(tmp_path / "in", rows)
    own = sides(folder, SplitRule(seed=1), group_of)
    assert own[0] and own[1] and not own[0] & own[1]
    assert "groups.csv" in split(folder, SplitRule(seed=1)).note
    asked = SplitRule(seed=1, groups=written.format("groups.csv"))
    assert sides(folder, asked, group_of) == own
    assert split(folder, asked).note == ""


def test_a_table_elsewhere_has_paths_relative_to_itself(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path / "in/train", {"a": 20, "b": 20}, side=2))
    group_of = of_three(folder)
    grouped(
        tmp_path,
        [f"in\\train\\{path.replace('/', chr(92))},{group}" for path, group in group_of.items()],
        "g.csv",
    )
    found = sides(
        folder, SplitRule(seed=3, groups=from_folder(str(tmp_path / "g.csv"), folder.root)), group_of
    )
    assert not found[0] & found[1]


def test_the_train_folder_alone_knows_the_groups_beside_it(tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path / "train", {"a": 20, "b": 20}, side=2))
    group_of = of_three(folder)
    grouped(tmp_path, [f"train/{path},{group}" for path, group in group_of.items()])
    found = sides(folder, SplitRule(seed=3), group_of)
    assert not found[0] & found[1]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "There is no file"),
        ("path,group\na/000.png,x", "has no group for 7 of 8 images, such as a/001.png"),
        ("name,tray\na/000.png,x", "does not say which column"),
    ],
)
def test_a_table_that_cannot_be_used_is_told(text: str | None, said: str, tmp_path: Path) -> None:
    folder = scanned(class_folders(tmp_path / "in", {"a": 4, "b": 4}, side=2))
    if text is not None:
        (tmp_path / "in/g.csv").write_text(text, "utf-8")
    with pytest.raises(BadInput) as caught:
        split(folder, SplitRule(seed=1, groups="g.csv"))
    assert said in caught.value.sentence
    assert len(split(folder, SplitRule(seed=1, groups="g.csv", alone=True)).val) == 2


def test_groups_that_a_folder_of_its_own_parts_are_told(tmp_path: Path) -> None:
    for part in ("train", "val"):
        class_folders(tmp_path / part, {"a": 3, "b": 3}, side=2)
    folder = scanned(tmp_path)
    grouped(
        tmp_path, [f"{image.path},{'both' if '000' in image.path else image.path}" for image in folder.images]
    )
    parts = split(folder, SplitRule(seed=1))
    assert (len(parts.train), len(parts.val)) == (6, 6)
    assert parts.note.startswith("1 group has images in both train/ and val/, the first with train/a/000.png")
    with pytest.raises(BadInput, match="groups to split by would do nothing"):
        split(folder, SplitRule(seed=1, groups="groups.csv"))
