"""What units answer and look for, and what speaks for a class: names, keys, exit codes, pictures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cli.answer import Command
from PIL import Image

from alexnet_studio.runs import patches


@pytest.fixture(scope="session")
def photo(pictures: Path) -> Path:
    return pictures / "test" / "red" / "0.png"


def test_activations_of_all_layers(command: Command, trained: Path, photo: Path, tmp_path: Path) -> None:
    document = command("activations", trained, photo, "-o", tmp_path / "a.png", "--json").document
    assert set(document) == {"image", "top", "layers", "file"}
    rows = {row["layer"]: row for row in document["layers"]}
    assert list(rows)[:3] == ["conv1", "rnorm1", "pool1"]
    assert all(set(row) == {"layer", "output", "min", "max", "mean", "zeros"} for row in rows.values())
    assert rows["conv1"]["min"] >= 0.0
    assert rows["fc8"]["output"] == [3]
    assert len(document["top"]) == 3
    with Image.open(tmp_path / "a.png") as picture:
        assert picture.width > 1000


def test_activations_of_one_layer_for_people(
    command: Command, trained: Path, photo: Path, tmp_path: Path
) -> None:
    said = command(
        *("activations", trained, photo, "-o", tmp_path / "a.svg", "--layer", "fc7", "--normalisation", "map")
    )
    assert said.code == 0
    assert "fc7" in said.out
    assert "conv1" not in said.out
    assert "<svg" in (tmp_path / "a.svg").read_text(encoding="utf-8")


def test_strongest_patches_are_kept_in_the_run(command: Command, trained: Path, tmp_path: Path) -> None:
    document = command("strongest", trained, "-o", tmp_path / "s.png", "--units", 1, "--json").document
    assert set(document) == {"images", "layers", "checkpoint", "seconds", "file"}
    assert document["layers"][-1] == {"layer": "fc8", "units": 3}
    found = patches.read(trained, "conv2")
    assert found is not None
    assert found.checkpoint == document["checkpoint"]
    assert document["images"] == found.seen
    assert "1 layers" in command("strongest", trained, "-o", tmp_path / "s.png", "--layer", "conv1").out


@pytest.mark.parametrize("method", ["occlusion", "gradient", "guided"])
def test_explain(command: Command, trained: Path, photo: Path, tmp_path: Path, method: str) -> None:
    words = ("explain", trained, photo, "-o", tmp_path / "e.png", "--method", method)
    document = command(*words, "--class", "blue", "--json").document
    assert set(document) == {"image", "class", "probability", "method", "checkpoint", "file"}
    assert (document["class"], document["method"]) == ("blue", method)
    assert 0 <= document["probability"] <= 1
    assert (tmp_path / "e.png").exists()


def test_words_that_cannot_be(command: Command, trained: Path, photo: Path, tmp_path: Path) -> None:
    target, text = tmp_path / "a.png", tmp_path / "a.txt"
    text.write_text("no image", encoding="utf-8")
    for words, part in (
        (("activations", trained, text, "-o", target), "a.txt"),
        (("activations", trained, photo, "-o", target, "--layer", "conv9"), "no layer called conv9"),
        (("activations", trained, photo, "-o", text), "does not end in"),
        (("explain", trained, photo, "-o", target, "--class", "zebra"), "no class zebra"),
        (("explain", trained, photo, "-o", target, "--method", "magic"), "Choose one of: occlusion"),
        (("strongest", trained, "-o", target, "--layer", "conv9"), "no layer called conv9"),
        (("strongest", tmp_path, "-o", target), str(tmp_path)),
    ):
        said = command(*words)
        assert said.code == 2, words
        assert part in said.err
        assert len(said.err.splitlines()) == 1
        assert not target.exists()


def test_a_run_whose_images_were_moved(
    command: Command, trained: Path, pictures: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    shutil.copytree(trained, run)
    record = (run / "run.json").read_text(encoding="utf-8")
    (run / "run.json").write_text(record.replace(str(pictures), str(tmp_path / "gone")), encoding="utf-8")
    said = command("strongest", run, "-o", tmp_path / "s.png")
    assert said.code == 2
    assert "gone" in said.err
