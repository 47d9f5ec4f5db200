"""Who trains and who validates in the written script: the very images of ours, or one sentence."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tiny

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.split import split
from alexnet_studio.training.plan import split_rule
from alexnet_studio.training.pytorch_source import training_source
from alexnet_studio.training.recipe import Recipe


def opened(recipe: Recipe) -> Callable[[Path], Any]:
    """The script's `open_images`."""
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(training_source(tiny.spec(), recipe), "written.py", "exec"), space)
    return space["open_images"]


def folder_of(root: Path, counts: dict[str, int]) -> Path:
    """Images of no content but a first byte, as many a class: names alone decide. Some lie deeper than others."""
    tiny.write_image(root / "one.png", 0, 2, 0)
    for name, count in counts.items():
        for number in range(count):
            kind = ("", "deep/", "deep/er-")[number % 3]
            path = root / "images" / name / f"{kind}{number // 3}-{number}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            os.link(root / "one.png", path)
    return root / "images"


def paths(part: Any, root: Path) -> list[str]:
    return [Path(part.dataset.samples[i][0]).relative_to(root).as_posix() for i in part.indices]


def assert_ours(root: Path, recipe: Recipe) -> None:
    folder = tiny.scanned(root)
    ours = split(folder, split_rule(recipe))
    train, val = opened(recipe)(root)
    assert set(paths(val, root)) == {folder.images[i].path for i in ours.val}
    assert sorted(paths(train, root)) == sorted(folder.images[i].path for i in ours.train)
    assert ours.val and ours.train


UNEQUAL = {"a": 41, "b": 7, "猫 cat": 2, "d": 1, "e": 12}
RULES: dict[str, dict[str, object]] = {
    "none": {},
    "another seed": {"seed": 7},
    "a share": {"val_fraction": 0.43},
    "nearly all": {"val_fraction": 0.97},
    "folds": {"folds": 4, "fold": 3},
    "as many folds as images": {"folds": 63, "fold": 40},
    "a pattern with a group": {"group_by": r"^(\d+)-"},
    "a pattern that some miss": {"group_by": r"er-\d", "val_fraction": 0.3},
    "a pattern of the whole path": {"group_by": r"""^([^/]*/[^/\d]*)["']?"""},
    "folds of a pattern": {"group_by": r"^(\d+)-", "folds": 5, "fold": 2},
}


@pytest.mark.parametrize("rule", RULES)
def test_the_split_is_ours(tmp_path: Path, rule: str) -> None:
    assert_ours(folder_of(tmp_path, UNEQUAL), Recipe.model_validate(RULES[rule]))


def test_of_a_thousand_images_a_tenth_validates_as_with_us(tmp_path: Path) -> None:
    for count in (999, 1000):
        root = folder_of(tmp_path / str(count), {"a": 500, "b": count - 500})
        _, val = opened(Recipe())(root)
        assert len(val) == (100 if count == 1000 else 200)
        assert_ours(root, Recipe())


def test_tiles_of_one_photo_stay_together(tmp_path: Path) -> None:
    root = folder_of(tmp_path, {"a": 9, "b": 9})
    for path in sorted(root.rglob("*.png")):
        for column in range(3):
            os.link(path, path.with_name(f"{path.name}.tile-000-00{column}.png"))
        path.unlink()
    assert_ours(root, Recipe())
    assert_ours(root, Recipe(group_by="deep/0"))


def table(path: Path, root: Path, *, before: str = "", delimiter: str = ",", names: tuple[str, str]) -> None:
    """Every fourth image of the folder is of one group, whatever its class."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(("number", *names))
        for i, image in enumerate(tiny.scanned(root).images):
            writer.writerow((i, before + image.path, f" specimen {i % 11 % 4} "))
        writer.writerow(())


@pytest.mark.parametrize("values", [{}, {"folds": 3, "fold": 1}, {"val_fraction": 0.5}])
@pytest.mark.parametrize("where", ["the folder's own", "named", "elsewhere"])
def test_groups_stay_together_as_with_us(tmp_path: Path, where: str, values: dict[str, object]) -> None:
    root = folder_of(tmp_path, UNEQUAL)
    match where:
        case "the folder's own":
            table(root / "groups.csv", root, names=("path", "group"))
            recipe = Recipe.model_validate(values)
        case "named":
            table(root / "trays.tsv", root, delimiter="\t", names=("File", "Patient"))
            recipe = Recipe.model_validate({**values, "groups": "trays.tsv"})
        case _:
            table(tmp_path / "g.csv", root, delimiter=";", before="images\\", names=("image_id", "photo"))
            recipe = Recipe.model_validate({**values, "groups": "../g.csv"})
    assert_ours(root, recipe)


def test_the_train_folder_alone_knows_the_groups_beside_it(tmp_path: Path) -> None:
    root = folder_of(tmp_path, UNEQUAL).rename(tmp_path / "train")
    table(tmp_path / "groups.csv", root, before="train/", names=("path", "group"))
    assert_ours(root, Recipe())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "There is no file"),
        ("path,group\na/deep/0-1.png,x", "has no group for a/0-0.png"),
        ("name,tray\na/deep/0-1.png,x", "must call its columns path and group"),
        ("", "must call its columns path and group"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_sentence(tmp_path: Path, text: str | None, said: str) -> None:
    root = folder_of(tmp_path, {"a": 4, "b": 4})
    if text is not None:
        (root / "g.csv").write_text(text, "utf-8")
    with pytest.raises(SystemExit, match=said):
        opened(Recipe(groups="g.csv"))(root)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"val_fraction": 0.3}, "a share to split by would do nothing"),
        ({"folds": 3}, "folds to split by would do nothing"),
        ({"groups": "g.csv"}, "groups to split by would do nothing"),
        ({"group_by": "x"}, "groups to split by would do nothing"),
    ],
)
def test_a_rule_beside_a_val_folder_is_refused_as_with_us(
    tmp_path: Path, values: dict[str, object], said: str
) -> None:
    folder, recipe = tiny.folder(tmp_path / "data", each=3, val=1), Recipe.model_validate(values)
    for attempt in (
        lambda: opened(recipe)(folder.root),
        lambda: split(folder, split_rule(recipe)),
    ):
        with pytest.raises((SystemExit, BadInput), match=said):
            attempt()


def test_rules_that_cannot_be_are_refused_as_with_us(tmp_path: Path) -> None:
    root = folder_of(tmp_path, {"a": 4, "b": 4})
    with pytest.raises(SystemExit, match="too few for 9 folds"):
        opened(Recipe(folds=9))(root)
    with pytest.raises(SystemExit, match="nobody matches no image of"):
        opened(Recipe(group_by="^nobody"))(root)
