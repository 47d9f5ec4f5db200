"""What stands beside the neighbours on the command line, and features for other programs."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from cli.answer import Command


@pytest.fixture
def indexed(trained: Path, tmp_path: Path, command: Command) -> Path:
    run = shutil.copytree(trained, tmp_path / "indexed")
    assert command("index", run, "--json").code == 0
    return run


def test_neighbours_among_pixels_and_by_the_shortcut(command: Command, indexed: Path, pictures: Path) -> None:
    query = pictures / "train/red/0.png"
    (answer,) = command("neighbours", indexed, query, "-k", 4, "--pixels", "--shortcut", "--json").document
    assert set(answer) >= {"image", "neighbours", "pixels", "shortcut"}
    assert len(answer["pixels"]) == 4
    assert all(set(found) == {"path", "class", "distance"} for found in answer["pixels"])
    assert set(answer["shortcut"]) == {"neighbours", "missed"}
    # All images are in one batch of a thousand: one is found, three are missed.
    assert [len(answer["shortcut"][name]) for name in ("neighbours", "missed")] == [1, 3]
    assert answer["shortcut"]["neighbours"] == answer["neighbours"][:1]
    text = command("neighbours", indexed, query, "--pixels", "--shortcut").out
    assert "misses 5 of the 6" in text


def test_fault_68_the_query_itself_and_an_image_that_is_gone_are_marked(
    command: Command, trained: Path, pictures: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(pictures / "train", tmp_path / "here")
    run = shutil.copytree(trained, tmp_path / "run")
    assert command("index", run, folder, "--json").document["images"] == 36
    query = folder / "red/0.png"
    (answer,) = command("neighbours", run, query, "-k", 36, "--json").document
    assert answer["itself"] == "red/0.png"
    assert "gone" not in answer
    assert answer["neighbours"][0] == {
        "path": "red/0.png",
        "class": "red",
        "distance": pytest.approx(0, abs=1e-3),
    }
    (folder / "blue/3.png").unlink()
    (answer,) = command("neighbours", run, query, "-k", 100, "--json").document
    assert answer["gone"] == ["blue/3.png"]
    assert len(answer["neighbours"]) == 36
    assert "(its file is gone)" in command("neighbours", run, query, "-k", 36).out


def test_vote_and_suspects(command: Command, indexed: Path) -> None:
    document = command("vote", indexed, "--pixels", "-k", 3, "--json").document
    assert set(document) == {"on", "k", "images", "accuracy", "same_class", "network_accuracy", "pixels"}
    assert set(document["pixels"]) == {"accuracy", "same_class"}
    assert (document["on"], document["k"]) == ("val", 3)
    assert document["pixels"]["accuracy"] > 0.5
    trained_on = command("vote", indexed, "--on", "train", "--json").document
    assert "pixels" not in trained_on
    suspects = command("suspects", indexed, "--json").document
    wrong = round((1 - trained_on["accuracy"]) * trained_on["images"])
    assert len(suspects) <= wrong  # a lost tie is no suspicion
    assert all(set(one) == {"path", "class", "neighbours_say", "votes", "own_votes"} for one in suspects)
    assert "the network itself" in command("vote", indexed).out
    assert "outvoted" in command("suspects", indexed).out


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["vote", "-k", "0"], "-k is 0"),
        (["suspects", "--most", "0"], "--most is 0"),
        (["vote", "--on", "test"], "val"),
    ],
)
def test_wrong_numbers(command: Command, indexed: Path, words: list[str], says: str) -> None:
    answer = command(words[0], indexed, *words[1:])
    assert answer.code == 2
    assert says in answer.err
    assert len(answer.err.strip().splitlines()) == 1


@pytest.mark.parametrize("words", [["vote"], ["suspects"], ["features", "-o", "out"]])
def test_before_anything_was_indexed(
    command: Command, trained: Path, words: list[str], tmp_path: Path
) -> None:
    run = shutil.copytree(trained, tmp_path / "plain")
    answer = command(words[0], run, *words[1:])
    assert answer.code == 2
    assert "Index the run" in answer.err


def test_features_for_other_programs(command: Command, indexed: Path, tmp_path: Path) -> None:
    document = command("features", indexed, "-o", tmp_path / "out", "--json").document
    assert set(document) == {"files", "format", "images", "dimensions"}
    values = np.load(tmp_path / "out" / "fc7.npy")
    assert values.shape == (document["images"], document["dimensions"])
    np.testing.assert_array_equal(values, np.load(indexed / "features" / "fc7.npy"))
    for name in ("csv", "projector"):
        files = command("features", indexed, "-o", tmp_path / name, "--format", name, "--json").document[
            "files"
        ]
        assert all(Path(file).stat().st_size for file in files)
