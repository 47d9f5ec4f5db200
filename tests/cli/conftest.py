"""A small folder of pictures and one run of it, shared by the tests of the commands."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from cli.answer import Answer, Command
from PIL import Image

from alexnet_studio.__main__ import main


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """Calls the front door as a terminal would, in this process."""

    def call(*words: object) -> Answer:
        capfd.readouterr()
        monkeypatch.setattr(sys, "argv", ["alexnet-studio", *map(str, words)])
        code = main()
        seen = capfd.readouterr()
        return Answer(code, seen.out, seen.err)

    return call


COLOURS = {"blue": (40, 60, 200), "green": (30, 180, 60), "red": (210, 40, 30)}


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three classes told apart by their colour: 12 training images and 4 test images each, 40 x 36 pixels."""
    root = tmp_path_factory.mktemp("pictures")
    noise = np.random.default_rng(0)
    for split, count in (("train", 12), ("test", 4)):
        for name, colour in COLOURS.items():
            folder = root / split / name
            folder.mkdir(parents=True)
            for number in range(count):
                pixels = np.clip(noise.normal(colour, 25, (40, 36, 3)), 0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(folder / f"{number}.png")
    return root


@pytest.fixture(scope="session")
def trained(pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two epochs on `pictures`."""
    run = tmp_path_factory.mktemp("runs") / "colours"
    monkeypatch = pytest.MonkeyPatch()
    with monkeypatch.context() as patch:
        patch.setattr(sys, "argv", [*_TRAIN, str(pictures), "--run", str(run), "--epochs", "2"])
        assert main() == 0
    return run


_TRAIN = [
    "alexnet-studio",
    "train",
    "--network",
    "mini",
    "--image-size",
    "48",
    "--batch-size",
    "8",
    "--device",
    "cpu",
    "--json",
]
