"""`kernels` beyond the grid of conv1: other layers and orders, what became of each kernel, the film, other seeds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from cli.answer import Command
from PIL import Image

from alexnet_studio.insight import loaded
from alexnet_studio.insight.kernel_response import kernels_of
from alexnet_studio.insight.kernels import colour_shares, towers
from alexnet_studio.insight.specialisation import specialisation
from alexnet_studio.runs import folder
from alexnet_studio.runs.film import Film


def test_another_layer_in_another_order(command: Command, trained: Path, tmp_path: Path) -> None:
    words = ("kernels", trained, "-o", tmp_path / "conv2.png", "--layer", "conv2", "--sort", "norm")
    document = command(*words, "--normalise", "symmetric", "--json").document
    weight = kernels_of(loaded.load(folder.open(trained), device="cpu"), "conv2")
    norms = np.linalg.norm(weight.reshape(len(weight), -1), axis=1)
    assert document["layer"] == "conv2"
    assert sorted(number for numbers in document["order"] for number in numbers) == list(
        range(1, len(norms) + 1)
    )
    for numbers in document["order"]:
        assert (np.diff(norms[np.array(numbers) - 1]) <= 1e-6).all()
    assert "specialisation" not in document
    with Image.open(tmp_path / "conv2.png") as picture:
        assert picture.width > 300


def test_towers_film_and_seeds_are_told(command: Command, trained: Path, tmp_path: Path) -> None:
    words = ("kernels", trained, "-o", tmp_path / "conv1.png", "--seeds", trained)
    document = command(*words, "--film", tmp_path / "film.gif", "--json").document
    shots = Film(folder.open(trained).kernels).shots()
    expected = [specialisation(towers(kernels, 2)) for _, kernels in shots]
    told = document["specialisation_over_time"]
    assert [row["value"] for row in told] == pytest.approx([one.value for one in expected if one])
    assert [row["step"] for row in told] == [frame.step for frame, _ in shots]
    assert document["seeds"][0]["specialisation"]["value"] == pytest.approx(told[-1]["value"])
    assert document["film"]["frames"] == len(shots)
    assert document["film"]["bytes"] == (tmp_path / "film.gif").stat().st_size
    block = towers(loaded.load(folder.open(trained), device="cpu").kernels()[0], 1)[0]
    assert document["towers"][0]["colourfulness"] == pytest.approx(float(colour_shares(block).mean()))
    said = command(*words, "--fires", 6)
    assert "specialisation of the towers" in said.out
    assert "never fire on 6 training images:" in said.out


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--layer", "fc7"), "conv1"),
        (("--layer", "conv9"), "conv9"),
        (("--film", "film.mp4"), "film.mp4"),
        (("--sort", "beauty"), "beauty"),
        (("--seeds", "/no/such/run"), "/no/such/run"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    command: Command, trained: Path, tmp_path: Path, words: tuple[str, str], named: str
) -> None:
    answer = command("kernels", trained, "-o", tmp_path / "k.png", *words)
    assert (answer.code, answer.out) == (2, "")
    assert named in answer.err
    assert len(answer.err.strip().splitlines()) == 1
