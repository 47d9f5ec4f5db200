"""Feature maps as grey tiles, in one of three normalisations; no torch."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Normalisation = Literal["global", "symmetric", "map"]
NORMALISATIONS: tuple[Normalisation, ...] = ("global", "symmetric", "map")


def map_tiles(maps: NDArray[np.float32], normalisation: Normalisation) -> NDArray[np.uint8]:
    """(C, H, W) as pictures of that shape.

    "global": the layer's lowest value is black, its highest white. "symmetric": zero is mid grey, the value furthest
    from it black or white. "map": each map stretched alone, so that a weak one is seen too. What is constant is mid
    grey, or black where it is zero: a unit that does not fire; NaN is black.
    """
    finite = maps if np.isfinite(maps).all() else np.where(np.isfinite(maps), maps, np.float32(0))
    if normalisation == "symmetric":
        reach = float(np.abs(finite).max(initial=0.0)) or 1.0
        return _bytes(finite * np.float32(127.5 / reach) + np.float32(127.5))
    axes = (1, 2) if normalisation == "map" else None
    low = finite.min(axis=axes, keepdims=True)
    high = finite.max(axis=axes, keepdims=True)
    flat = high <= low
    scale = np.where(flat, 0, 255 / np.where(flat, 1, high.astype(np.float64) - low)).astype(np.float32)
    return _bytes((finite - low) * scale + np.where(flat & (low != 0), np.float32(127.5), np.float32(0)))


def _bytes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    return np.rint(values, out=values).astype(np.uint8)
