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
    finite = np.where(np.isfinite(maps), maps, np.float32(0))
    if normalisation == "symmetric":
        reach = float(np.abs(finite).max(initial=0.0)) or 1.0
        return np.rint(finite * (127.5 / reach) + 127.5).astype(np.uint8)
    axes = (1, 2) if normalisation == "map" else None
    low, high = (edge(finite, axis=axes, keepdims=True) for edge in (np.min, np.max))
    spread = np.where(high > low, high - low, 1)
    scaled = np.where(high > low, (finite - low) / spread, np.where(low == 0, 0.0, 0.5))
    return np.rint(scaled * 255).astype(np.uint8)
