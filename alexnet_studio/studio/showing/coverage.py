"""The accuracy over the share of images that is answered, as points to be drawn."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_POINTS = 400  # more than a screen shows


def thinned(covered: NDArray[np.float64], right: NDArray[np.float64]) -> tuple[tuple[float, float], ...]:
    """As many points as can be seen, the last one among them."""
    chosen = np.unique(np.linspace(0, len(covered) - 1, min(_POINTS, len(covered))).round().astype(int))
    return tuple((float(covered[i]), float(right[i])) for i in chosen)
