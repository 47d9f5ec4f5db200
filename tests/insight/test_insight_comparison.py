"""Runs side by side: only what differs, and each value under its own run."""

from __future__ import annotations

from pathlib import Path

from alexnet_studio.ground.files import write_json
from alexnet_studio.insight.comparison import Comparison, compare
from alexnet_studio.networks import spec_file
from alexnet_studio.networks.variant import variant
from alexnet_studio.runs import folder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.record import DataSource, RecordedSplit, RunRecord
from alexnet_studio.runs.rows import Ended, Epoch
from alexnet_studio.training.recipe import Recipe


def _run(tmp_path: Path, name: str, *, width: float = 1.0, top1: float = 0.5, **recipe: object) -> Path:
    spec = variant(spec_file.resolve("mini", classes=3), width=width)
    made = Recipe.model_validate(recipe)
    record = RunRecord(
        app_version="0.1.0",
        created="2026-01-02T03:04:05+00:00",
        network=spec_file.to_json(spec),
        input={},
        recipe=made.model_dump(mode="json"),
        classes=("a", "b", "c"),
        data=DataSource(root="/data", fingerprint="f", layout="classes"),
        split=RecordedSplit(train=("a/1.png",), val=()),
        colour={},
        seed=made.seed,
        device="cpu",
        precision="float32",
        threads=1,
        versions={"torch": "2.11"},
    )
    run = folder.create(tmp_path / name, record)
    History(run.metrics).append(Epoch(1, 4, 2.0, 0.2, 0.6, 1.0, top1, 1.0, 3, 1.5, 90.0))
    History(run.metrics).append(Ended(4, 1, "finished", 1))
    return run.path


def _compared(*paths: Path) -> Comparison:
    return compare(paths, Recipe().model_dump())


def test_only_what_differs_is_told(tmp_path: Path) -> None:
    found = _compared(_run(tmp_path, "one", seed=1), _run(tmp_path, "two", seed=2, lr=0.1, top1=0.75))
    assert {one.field: one.values for one in found.recipe} == {"seed": (1, 2), "lr": (0.02, 0.1)}
    assert found.setting == ()
    assert found.network == ()
    assert [run.best_val_top1 for run in found.runs] == [0.5, 0.75]


def test_three_networks_each_beside_the_first(tmp_path: Path) -> None:
    sizes = (1.0, 0.5, 1.0)
    found = _compared(*(_run(tmp_path, str(i), width=width) for i, width in enumerate(sizes)))
    told = {(one.layer, one.aspect): one.values for one in found.network}
    assert told["conv1", "output"] == ("48 × 31 × 31", "24 × 31 × 31", "48 × 31 × 31")
    assert all(values[0] == values[2] != values[1] for values in told.values())


def test_a_field_of_a_newer_version_has_its_default_in_an_older_run(tmp_path: Path) -> None:
    old, new = _run(tmp_path, "old"), _run(tmp_path, "new", flip=True)
    record = folder.open(old).record
    recipe = {name: value for name, value in record.recipe.items() if name != "flip"}
    write_json(old / "run.json", record.model_copy(update={"recipe": recipe}).model_dump(mode="json"))
    assert [(one.field, one.values) for one in _compared(old, new).recipe] == [("flip", (False, True))]
