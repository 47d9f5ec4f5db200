"""How much each run of an ensemble counts: weights found on validation images, as avg-valid.py of 2012 did."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SWEEPS = 200
_HALVINGS = 50  # of an interval of 1: to the last digits of a double
_SETTLED = 1e-9
_LEAST = 1e-300  # a probability of 0 has no logarithm


def weights(own: NDArray[np.float64]) -> NDArray[np.float64]:
    """(runs,) weights, none negative, with the sum 1, that make the mean loss of the averaged probabilities least.

    `own` (images, runs) is the probability that each run gave each image's true class; the loss of an average needs
    no more of them. A coordinate search: one run's share is set to the best while the others keep their proportions,
    until nothing moves. The loss is convex in the weights, so the best of all is found, not of a neighbourhood.
    """
    own = np.maximum(own, _LEAST)
    runs = own.shape[1]
    found = np.full(runs, 1 / runs)
    for _ in range(_SWEEPS):
        before = found.copy()
        for run in range(runs):
            found = _with_best_share(own, found, run)
        if np.abs(found - before).max() < _SETTLED:
            break
    return found


def loss(own: NDArray[np.float64], shares: NDArray[np.float64]) -> float:
    """Mean negative log likelihood of the weighted average, in nats."""
    return float(-np.log(np.maximum(own @ shares, _LEAST)).mean())


def _with_best_share(own: NDArray[np.float64], shares: NDArray[np.float64], run: int) -> NDArray[np.float64]:
    rest = shares.copy()
    rest[run] = 0
    if rest.sum() <= 0:
        return shares  # there are no proportions to keep: another run's turn lets it back in
    rest /= rest.sum()
    others, mine = own @ rest, own[:, run]
    low, high = 0.0, 1.0
    # The slope of the loss over this run's share grows with it: where it crosses 0 is the least loss.
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        slope = ((others - mine) / ((1 - middle) * others + middle * mine)).mean()
        low, high = (middle, high) if slope < 0 else (low, middle)
    share = 1.0 if low > 1 - 1e-12 else 0.0 if high < 1e-12 else (low + high) / 2
    made = (1 - share) * rest
    made[run] = share
    return made
