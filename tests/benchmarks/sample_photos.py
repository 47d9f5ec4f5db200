"""JPEGs of a usual size for the benchmarks, without a download."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

WIDTH, HEIGHT = 500, 375


def photos(root: Path, count: int, classes: Sequence[str]) -> None:
    """`count` cuts of scikit-learn's two photos, in turn for each of the `classes`."""
    random = np.random.default_rng(1)
    loaded: Any = importlib.import_module("sklearn.datasets").load_sample_images()
    sources: list[NDArray[np.uint8]] = [np.array(image, np.uint8) for image in loaded.images]
    for number in range(count):
        source = sources[number % len(sources)]
        top = int(random.integers(int(source.shape[0]) - HEIGHT + 1))
        left = int(random.integers(int(source.shape[1]) - WIDTH + 1))
        path = root / classes[number % len(classes)] / f"{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(source[top : top + HEIGHT, left : left + WIDTH]).save(path, quality=90)
