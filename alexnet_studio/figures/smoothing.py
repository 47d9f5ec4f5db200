"""A noisy curve with its noise averaged away."""

from __future__ import annotations

from math import isfinite

import numpy as np
from numpy.typing import NDArray


def smoothed(values: NDArray[np.float64], weight: float) -> NDArray[np.float64]:
    """The exponential moving average of `values`, without its bias towards 0 at the start.

    `weight` in 0..1 is kept of the past at each point; 0 changes nothing. A NaN stays a gap and leaves the
    average as it was. Raises ValueError for a weight outside.
    """
    if not 0 <= weight < 1:
        raise ValueError(f"a smoothing of {weight} is not within 0 and 1")
    out = np.empty(len(values))
    average, total = 0.0, 0.0
    for i, value in enumerate(values.tolist()):
        if isfinite(value):
            average = weight * average + (1 - weight) * value
            total = weight * total + (1 - weight)
            out[i] = average / total
        else:
            out[i] = value
    return out
