"""Principal components of features that are read in blocks: of all of them, not of a sample.

In few dimensions the covariance is summed and solved. In many (fc7 has 4,096) subspace iteration needs a few passes
instead of a matrix of 4,096 x 4,096: Halko, Martinsson and Tropp, "Finding structure with randomness", SIAM Review
2011, algorithm 4.4, gone on with until the leading variances stand still.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.near_index import Doubles, blocks, refuse_not_finite

_SOLVED = 1024  # dimensions whose covariance is solved directly
_SPARE = 16  # directions beyond those that are wanted, for which iteration converges the faster
_ROUNDS = 24
_STILL = 1e-6  # relative change of the variances
_BLOCK_BYTES = 32 << 20  # of float64


@dataclass(frozen=True, slots=True)
class Principal:
    """`mean` (D,), `directions` (m, D) of the largest variances (m,), which fall; `total` is the variance of all.

    Each direction's largest entry is positive, so that the same features give the same map.
    """

    mean: Doubles
    directions: Doubles
    variances: Doubles
    total: float

    def scores(self, features: NDArray[Any]) -> Doubles:
        """(n, m) of `features` (n, D)."""
        found: Doubles = (features.astype(np.float64) - self.mean) @ self.directions.T
        return found


def principal(features: NDArray[Any], count: int) -> Generator[Progress, None, Principal]:
    """The `count` leading components of `features` (images, D), fewer where there are fewer images or dimensions.

    Raises `Failed` ("features_not_finite").
    """
    images, dimensions = features.shape
    count = min(count, images, dimensions)
    mean, total = yield from _moments(features)
    if dimensions <= _SOLVED:
        variances, vectors = np.linalg.eigh((yield from _covariance(features, mean)))
        directions = vectors[:, ::-1][:, :count].T
    else:
        variances, directions = yield from _iterated(features, mean, count)
        variances = variances[::-1]
    return Principal(mean, _signed(directions), np.maximum(variances[::-1][:count], 0), total)


def _moments(features: NDArray[Any]) -> Generator[Progress, None, tuple[Doubles, float]]:
    """The mean, and the sum of all dimensions' variances. Squares are taken about the first row."""
    images = len(features)
    shift: Doubles = features[:1].astype(np.float64).sum(axis=0)
    total: Doubles = np.zeros(int(features.shape[1]))
    squares = 0.0
    for rows in blocks(features.shape, _BLOCK_BYTES, 8):
        yield Progress("principal", rows.start, images)
        block: Doubles = features[rows].astype(np.float64)
        refuse_not_finite(np.einsum("ij,ij->i", block, block), rows.start)
        block -= shift
        total += block.sum(axis=0)
        squares += float(np.einsum("ij,ij->", block, block))
    offset: Doubles = total / max(1, images)
    return shift + offset, max(0.0, squares / max(1, images) - float(offset @ offset))


def _covariance(features: NDArray[Any], mean: Doubles) -> Generator[Progress, None, Doubles]:
    images, dimensions = features.shape
    total: Doubles = np.zeros((dimensions, dimensions))
    for rows in blocks(features.shape, _BLOCK_BYTES, 8):
        yield Progress("principal", rows.start, images)
        block = features[rows].astype(np.float64) - mean
        total += block.T @ block
    return total / max(1, images)


def _iterated(
    features: NDArray[Any], mean: Doubles, count: int
) -> Generator[Progress, None, tuple[Doubles, Doubles]]:
    """Variances, the largest first, and directions (count, D). Products in float32: what they round is below what a
    map shows.
    """
    images, dimensions = features.shape
    wide = min(count + _SPARE, images, dimensions)
    basis = np.linalg.qr(np.random.default_rng(2012).normal(size=(dimensions, wide)))[0]
    before: Doubles = np.zeros(count)
    directions: Doubles = basis[:, :count].T
    for _ in range(_ROUNDS):
        image: Doubles = np.zeros((dimensions, wide))
        thin, centre = basis.astype(np.float32), mean.astype(np.float32)
        for rows in blocks(features.shape, _BLOCK_BYTES, 4):
            yield Progress("principal", rows.start, images)
            block = features[rows] - centre
            image += block.T @ (block @ thin)
        # Rayleigh and Ritz: the best that this subspace knows.
        shares, turn = np.linalg.eigh(basis.T @ image / max(1, images))
        order = np.argsort(-shares, kind="stable")
        now: Doubles = np.maximum(shares[order][:count], 0)
        directions = (basis @ turn[:, order[:count]]).T
        if np.abs(now - before).max(initial=0) <= _STILL * now.max(initial=0):
            return now, directions
        before = now
        basis = np.linalg.qr(image @ turn[:, order])[0]
    return before, directions


def _signed(directions: Doubles) -> Doubles:
    if not directions.size:
        return directions
    largest = directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)]
    found: Doubles = np.ascontiguousarray(directions * np.where(largest < 0, -1.0, 1.0)[:, None])
    return found
