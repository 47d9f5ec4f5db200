"""Fixtures of this room: a small folder of images, and a finished run on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from insight_runs import PER_CLASS, make_run
from PIL import Image

from alexnet_studio.runs.folder import RunFolder


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three classes of six noisy coloured images of several sizes."""
    rng = np.random.default_rng(0)
    root = tmp_path / "photos"
    for channel, name in ((2, "blue"), (1, "green"), (0, "red")):
        (root / name).mkdir(parents=True)
        for number in range(PER_CLASS):
            pixels = rng.integers(0, 90, (40 + number, 48, 3), dtype=np.uint8)
            pixels[..., channel] += 120
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    return root


@pytest.fixture
def run(photos: Path, tmp_path: Path) -> RunFolder:
    """Images 0 to 3 of each class trained it, 4 and 5 validate it."""
    return make_run(tmp_path / "run", photos)
