"""How sure a share of few images is."""

from __future__ import annotations

from math import sqrt

_Z = 1.959963984540054  # the normal distribution holds 95 % within so many deviations


def wilson(right: int, n: int) -> tuple[float, float]:
    """The 95 % score interval (Wilson 1927) of a share `right / n`, in 0..1; (0, 1) for no images at all.

    Unlike the usual plus-minus it stays within 0..1 and is not empty at 0 or all right, which is what a
    validation set of a dozen photos gives. Raises ValueError unless 0 <= right <= n.
    """
    if not 0 <= right <= n:
        raise ValueError(f"{right} right of {n}")
    if n == 0:
        return 0.0, 1.0
    share, z2 = right / n, _Z * _Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    # Rounding must not move the ends that are exact.
    low = 0.0 if right == 0 else centre - half
    high = 1.0 if right == n else centre + half
    return low, high
