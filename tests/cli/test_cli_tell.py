"""Orders to a training in another process, and recipes by name, through the front door."""

from __future__ import annotations

import json
import os
from pathlib import Path

from cli.answer import Command
from own_process import OwnProcess

from alexnet_studio.runs import pins
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Step


def test_a_training_in_another_process_obeys(command: Command, pictures: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    words = ["train", pictures, "--run", run, "--network", "mini", "--device", "cpu", "--epochs", "400"]
    pinned, other = (pictures / "train" / "red" / name for name in ("0.png", "1.png"))
    options = ["--batch-size", "8", "--schedule", "constant", "--lr", "0.02", "--pin", pinned, "--json"]
    training = OwnProcess([*words, *options], os.environ)
    try:
        training.until(lambda: '"event": "step"' in training.out())
        told = command("tell", run, "--divide", "10", "--freeze", "conv2", "--save", "--json")
        assert told.code == 0 and [one["done"] for one in told.document] == [True] * 3
        assert "0.002" in told.document[0]["sentence"]
        refused = command("tell", run, "--freeze", "conv9")
        assert refused.code == 1 and "conv1" in refused.out
        swapped = command("tell", run, "--pin", other, "--unpin", pinned, "--json").document
        assert [(one["order"], one["done"]) for one in swapped] == [("unpin", True), ("pin", True)]
        assert command("tell", run, "--stop").code == 0
    except BaseException:
        training.kill()
        raise
    ended = training.told(60)
    assert ended.code == 1 and not ended.err  # stopped before its epochs were done
    rows = History(run / "metrics.jsonl").read()
    assert isinstance(rows[-1], Ended) and rows[-1].reason == "stopped"
    assert {row.lr for row in rows if isinstance(row, Step)} == {0.02, 0.002}
    assert [pin.image for pin in pins.pinned(run)] == ["train/red/1.png"]
    assert "learning rate is 0.002" in (run / "diary.md").read_text(encoding="utf-8")


def test_nobody_answers_for_a_run_that_has_ended(command: Command, trained: Path) -> None:
    answer = command("tell", trained, "--save", "--wait", "0.2")
    assert answer.code == 1 and "not being trained" in answer.err
    assert not list((trained / "inbox").glob("*.json"))
    nothing = command("tell", trained)
    assert nothing.code == 2 and "--lr" in nothing.err


def test_a_recipe_by_name_and_what_was_typed_beside_it(
    command: Command, pictures: Path, tmp_path: Path
) -> None:
    listed = command("recipes", "--json").document
    assert {"paper", "2012", "fashion"} <= {one["name"] for one in listed}
    run = tmp_path / "run"
    small = ["--network", "mini", "--image-size", "32", "--resize-to", "40", "--device", "cpu"]
    answer = command(
        "train", pictures, "--run", run, "--recipe", "fashion", *small, "--epochs", "1", "--json"
    )
    assert answer.code == 0, answer.err
    recipe = json.loads((run / "run.json").read_text(encoding="utf-8"))["recipe"]
    assert (recipe["optimizer"], recipe["lr"], recipe["statistics"], recipe["epochs"]) == (
        "adam",
        0.001,
        "none",
        1,
    )
    unknown = command("train", pictures, "--run", tmp_path / "other", "--recipe", "nobodys")
    assert unknown.code == 2 and "paper" in unknown.err
