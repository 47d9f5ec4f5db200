"""One recipe several times, pooled into one result."""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import pytest
from cli.answer import Command
from PIL import Image

from alexnet_studio.runs import folder as runs

TINY = ("--network", "mini", "--width", "0.25", "--batch-size", "4", "--device", "cpu", "--epochs", "1")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes of three images."""
    root = tmp_path_factory.mktemp("few")
    for name, colour in (("dark", 30), ("light", 220)):
        (root / name).mkdir()
        for number in range(3):
            image = Image.new("RGB", (40, 40), (colour + number, colour, colour))
            image.save(root / name / f"{number}.png")
    return root


def test_seeds_have_a_mean_and_a_deviation(command: Command, few: Path, tmp_path: Path) -> None:
    words = ("repeat", few, "--run", tmp_path / "group", "--seeds", "1,3", *TINY)
    found = command(*words, "--json").document
    assert found["kind"] == "seeds"
    assert [Path(one["run"]).name for one in found["runs"]] == ["seed-1", "seed-3"]
    values = [one["best_val_top1"] for one in found["runs"]]
    assert found["mean"] == pytest.approx(statistics.fmean(values))
    assert found["sd"] == pytest.approx(statistics.stdev(values))
    assert runs.open(tmp_path / "group" / "seed-3").record.seed == 3
    assert json.loads((tmp_path / "group" / "pooled.json").read_text(encoding="utf-8")) == found
    before = (tmp_path / "group" / "seed-1" / "metrics.jsonl").read_bytes()
    again = command(*words)
    assert again.code == 0
    assert "mean of 2 seeds" in again.out
    assert (tmp_path / "group" / "seed-1" / "metrics.jsonl").read_bytes() == before


def test_leave_one_out_asks_every_image_once(command: Command, few: Path, tmp_path: Path) -> None:
    answer = command("repeat", few, "--run", tmp_path / "group", "--leave-one-out", *TINY, "--json")
    assert answer.code == 0
    found = answer.document
    assert found["images"] == 6
    asked = [runs.open(Path(one["run"])).record.split.val for one in found["runs"]]
    assert all(len(paths) == 1 for paths in asked)
    assert len({paths[0] for paths in asked}) == 6
    right = sum(one["best_val_top1"] for one in found["runs"])
    assert found["right"] == right
    assert found["low"] <= found["pooled_top1"] <= found["high"]


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--seeds", "1,2", "--folds", "3"),
        ("--folds", "3", "--fold", "1"),
        ("--seeds", "one"),
        ("--seeds", "1-5000"),
        ("--folds", "50"),
    ],
)
def test_what_cannot_be_repeated_is_told(
    command: Command, few: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    answer = command("repeat", few, "--run", tmp_path / "group", *TINY, *words)
    assert answer.code == 2
    assert answer.err.count("\n") == 1
    assert not (tmp_path / "group").exists()
