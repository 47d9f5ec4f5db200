"""What an attribution looks like: signed values over the image, gradients about mid grey; no torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
# Blue against orange, which colour-blind readers tell apart.
_FOR, _AGAINST = (235, 110, 20), (25, 95, 190)
_OUTLIERS = 99.5  # percentile that is shown at full strength: a single pixel would leave all others pale


def over(view: Pixels, values: NDArray[np.float32]) -> Pixels:
    """(S, S, 3): `view` (S, S, C) in grey under `values` (S, S), orange where positive, blue where negative."""
    grey = np.repeat(view.mean(axis=2, keepdims=True) * 0.75 + 32, 3, axis=2)
    strength = np.clip(np.abs(values) / _reach(values), 0, 1)[..., None] * 0.85
    hue = np.where((values > 0)[..., None], _FOR, _AGAINST)
    return np.rint(grey * (1 - strength) + hue * strength).astype(np.uint8)


def about_grey(values: NDArray[np.float32]) -> Pixels:
    """(S, S, C) with zero as mid grey, the same reach for all channels."""
    return np.rint(np.clip(values / _reach(values), -1, 1) * 127.5 + 127.5).astype(np.uint8)


def shown(view: Pixels, values: NDArray[np.float32]) -> Pixels:
    """The one of the two that fits: (S, S) over the image, (S, S, C) by itself."""
    return over(view, values) if values.ndim == 2 else about_grey(values)


def _reach(values: NDArray[np.float32]) -> float:
    sizes = np.abs(values)
    return float(np.percentile(sizes, _OUTLIERS)) or float(sizes.max()) or 1.0
