"""scikit-learn's handwritten digits, through an adapter with types around an untyped library."""

from __future__ import annotations

import importlib

import numpy as np
from numpy.typing import NDArray


def load() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """1,797 grey images, (N, 8, 8) in 0..255, and the digit that each shows."""
    data = importlib.import_module("sklearn.datasets").load_digits()
    images = np.asarray(data.images, np.float64)  # 0..16
    return np.rint(images * (255 / 16)).astype(np.uint8), np.asarray(data.target, np.int64)
