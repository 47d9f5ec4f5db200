"""The commands that keep order among runs, through the front door."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cli.answer import Command

from alexnet_studio.runs import folder as runs

RUN = {
    *(
        "run",
        "state",
        "network",
        "images",
        "classes",
        "epochs",
        "epochs_asked",
        "best_epoch",
        "best_val_top1",
    ),
    *("loss", "bytes", "created"),
}


@pytest.fixture
def kept(trained: Path, tmp_path: Path) -> Path:
    """A copy of the trained run, to be changed."""
    return Path(shutil.copytree(trained, tmp_path / "runs" / "first"))


def test_runs_are_listed(command: Command, kept: Path) -> None:
    (kept.parent / "damaged").mkdir()
    (kept.parent / "damaged" / "run.json").write_text("[]", encoding="utf-8")
    answer = command("runs", kept.parent, "--json")
    assert answer.code == 0
    first, damaged = sorted(answer.document, key=lambda run: run["state"], reverse=True)
    assert set(first) == RUN
    assert (first["state"], first["epochs"], first["epochs_asked"]) == ("finished", 2, 2)
    assert set(damaged) == RUN | {"error"}
    text = command("runs", kept.parent)
    assert "finished" in text.out
    assert "run.json" in text.err
    assert command("runs", kept.parent / "nowhere").code == 2


def test_runs_are_compared(command: Command, kept: Path, trained: Path) -> None:
    record = json.loads((kept / "run.json").read_text(encoding="utf-8"))
    record["recipe"]["lr"] = 0.5
    (kept / "run.json").write_text(json.dumps(record), encoding="utf-8")
    found = command("compare", trained, kept, "--json").document
    assert set(found) == {"runs", "setting", "recipe", "network"}
    assert [one["field"] for one in found["recipe"]] == ["lr"]
    assert found["recipe"][0]["values"][1] == 0.5
    assert "recipe: lr" in command("compare", trained, kept).out
    assert command("compare", trained).code == 2


def test_a_run_is_noted_upon_and_renamed(command: Command, kept: Path) -> None:
    assert command("note", kept, "a darker", "set of photos").code == 0
    assert command("note", kept).out.rstrip().endswith("a darker set of photos")
    assert command("rename", kept, "second", "--json").document == {"run": str(kept.parent / "second")}
    assert command("note", kept, "gone").code == 2
    assert command("note", kept.parent / "second", "--json").document["diary"]


def test_a_packed_run_is_a_run_to_every_command(
    command: Command, kept: Path, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "first.zip"
    made = command("pack", kept, "-o", file, "--json").document
    assert made == {"file": str(file), "bytes": file.stat().st_size}
    image = next((pictures / "test").rglob("*.png"))
    assert (
        command("predict", file, image, "--json").document
        == command("predict", kept, image, "--json").document
    )
    assert command("kernels", file, "-o", tmp_path / "k.png").code == 0
    assert command("compare", file, kept, "--json").document["recipe"] == []
    small = tmp_path / "small.zip"
    assert command("pack", kept, "-o", small, "--no-weights").code == 0
    assert small.stat().st_size < file.stat().st_size / 2
    assert command("predict", small, image).code == 2
    assert command("unpack", small, tmp_path / "back", "--json").document == {"run": str(tmp_path / "back")}
    assert command("unpack", small, tmp_path / "back").code == 2


def test_a_clone_has_the_network_and_the_recipe(
    command: Command, kept: Path, pictures: Path, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    words = ("train", pictures, "--run", clone, "--like", kept, "--epochs", "1", "--seed", "7", "--json")
    assert command(*words).code == 0
    found = command("compare", kept, clone, "--json").document
    assert {one["field"]: one["values"] for one in found["recipe"]} == {"epochs": [2, 1], "seed": [1, 7]}
    assert found["network"] == []
    assert runs.open(clone).record.recipe["batch_size"] == 8
    refused = command("train", pictures, "--run", clone, "--like", kept, "--resume")
    assert refused.code == 2
    assert "--like" in refused.err
