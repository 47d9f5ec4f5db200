"""What belongs together stays together through a run's whole life: told, written down, and found again."""

from __future__ import annotations

from pathlib import Path

import pytest
import tiny

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.rows import Ended, Note
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.recipe_errors import field_errors
from alexnet_studio.training.trainer import Request, resume, train


def grouped(root: Path, table: Path) -> tuple[ImageFolder, dict[str, str]]:
    folder = tiny.folder(root, each=9)
    group_of = {image.path: f"g{i % 3}" for i, image in enumerate(folder.images)}
    rows = [f"{path},{group}" for path, group in group_of.items()]
    table.write_text("\n".join(["path,group", *rows]), "utf-8")
    return folder, group_of


def trained(folder: ImageFolder, run: Path, recipe: Recipe) -> list[str]:
    """The notes."""
    events = list(train(Request(folder, run, tiny.spec(), recipe)))
    assert isinstance(events[-1], Ended)
    return [event.sentence for event in events if isinstance(event, Note) and event.code == "kept_together"]


@pytest.mark.parametrize("named", [True, False])
def test_a_run_keeps_groups_apart_and_resumes_with_them(tmp_path: Path, named: bool) -> None:
    table = tmp_path / ("trays.csv" if named else "data/groups.csv")
    (tmp_path / "data").mkdir()
    folder, group_of = grouped(tmp_path / "data", table)
    recipe = tiny.recipe(epochs=1, groups="../trays.csv" if named else "")
    notes = trained(folder, tmp_path / "run", recipe)
    assert len(notes) == (0 if named else 1)
    record = run_folder.open(tmp_path / "run").record
    assert record.recipe["groups"] == recipe.groups
    train_groups, val_groups = (
        {group_of[path] for path in side} for side in (record.split.train, record.split.val)
    )
    assert val_groups and not train_groups & val_groups
    assert isinstance(list(resume(tmp_path / "run", changes={"epochs": 2}))[-1], Ended)
    assert run_folder.open(tmp_path / "run").record.split == record.split
    table.write_text(table.read_text("utf-8").replace("g1", "g2"), "utf-8")
    with pytest.raises(BadInput, match="other images train and validate than before"):
        list(resume(tmp_path / "run", changes={"epochs": 3}))
    table.unlink()
    with pytest.raises(BadInput, match="There is no file" if named else "other images train and validate"):
        list(resume(tmp_path / "run", changes={"epochs": 3}))


def test_one_rule_alone_says_what_belongs_together() -> None:
    assert field_errors({"groups": "g.csv", "group_by": "x"}) == {
        "groups": "Groups and group by both say what belongs together; leave one of them out."
    }
