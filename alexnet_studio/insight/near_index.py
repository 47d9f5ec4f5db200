"""A small table beside the features that bounds every distance from below; no torch unless a GPU is asked for.

Let y = x - mean and Q be m orthonormal directions in D dimensions. W(x) = (Q y, |y - Q'Q y|), m + 1 numbers, keeps
norms, |W(x)| = |y|, and never lengthens distances: |W(x) - W(q)| <= |x - q| (Pythagoras for the part in Q, the
triangle inequality for the remainders). That holds for any mean and any directions; the leading principal ones of a
sample make the bound tight where features have structure.

What is stored is w, the float32 of a W that was computed in float64. How far w is from W, in units of |y|:

- 2^-24, the rounding to float32;
- a Q that is not quite orthonormal: with g = |QQ' - I| (Frobenius, measured) an orthonormal one lies within g;
- the remainder is the root of |y|^2 - |Qy|^2, whose error is at most kappa |y|^2 with
  kappa = 2 g + (2 (D + 2) sqrt(m) + D + m + 4) 2^-53 (sums of D and m terms in float64), so that the root's
  is at most sqrt(kappa) |y|.

Together eta = 2^-24 + g + sqrt(kappa). A float32 product of m + 1 terms is off by at most gamma |w(x)||w(q)| in
whatever order it is summed, gamma = (m + 1) 2^-24 / (1 - (m + 1) 2^-24) (Higham, Accuracy and Stability of Numerical
Algorithms, 3.1). With s = |w|^2 and (a - e)^2 >= a^2 - 2 a e for a = |w(x) - w(q)| <= |w(x)| + |w(q)| and
e = eta (|w(x)| + |w(q)|),

    |x - q|^2 >= s(x) + s(q) - 2 w(x).w(q) - (gamma + 4 eta + rest) (s(x) + s(q)) - tiny,

where `rest` covers the float64 roundings of this sum and of the measured distance (a sum of D squares), and `tiny`
what underflows. The error scales with |x - mean|^2 + |q - mean|^2 and with the square root of D, not with the distance.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.progress import Progress

Features = NDArray[np.float32]  # (images, dimensions)
Doubles = NDArray[np.float64]

DIRECTIONS = 64  # measured from 32 to 128, tests/benchmarks/bench_neighbours.py --directions
_SAMPLE = 4096
_ROUNDS = 4  # of subspace iteration: what is not exactly principal only loosens the bound
_BLOCK_BYTES = 32 << 20  # of float64


@dataclass(frozen=True, slots=True)
class NearIndex:
    """`mean` (D,), `directions` (m, D), `table` (images, m + 1): the w of each image, `squares` (images,): |x|^2."""

    mean: Doubles
    directions: Doubles
    table: Features
    squares: Doubles

    def image(self, points: NDArray[Any]) -> Doubles:
        """(n, m + 1): W of `points` (n, D)."""
        return _image(points, self.mean, self.directions)

    def slack(self) -> float:
        """The share of s(x) + s(q) that rounding can have added to a bound: gamma + 4 eta + rest."""
        count, dimensions = self.directions.shape
        unit = 2.0**-53
        skew = float(np.linalg.norm(self.directions @ self.directions.T - np.eye(count)))
        kappa = 2 * skew + (2 * (dimensions + 2) * np.sqrt(count) + dimensions + count + 4) * unit
        # 2^-40: what underflows in w; an absolute error below 2^-146 where |w| is above 2^-100, else part of `tiny`.
        eta = 2.0**-24 + skew + np.sqrt(kappa) + 2.0**-40
        gamma = (count + 1) * 2.0**-24 / (1 - (count + 1) * 2.0**-24)
        return float(1.001 * (gamma + 4 * eta) + (8 * dimensions + 64) * unit)


def build(features: NDArray[Any], directions: int = DIRECTIONS) -> Generator[Progress, None, NearIndex]:
    """One pass over `features`, which may be memory-mapped; a block of them is in memory at a time.

    Raises `Failed` ("features_not_finite", with the first such `row`).
    """
    images, dimensions = features.shape
    mean, basis = principal(features, min(directions, dimensions))
    table = np.empty((images, len(basis) + 1), np.float32)
    squares = np.empty(images, np.float64)
    for rows in blocks(features.shape, _BLOCK_BYTES, 8):
        yield Progress("sort", rows.start, images)
        block = features[rows].astype(np.float64)
        squares[rows] = np.einsum("ij,ij->i", block, block)
        refuse_not_finite(squares[rows], rows.start)
        with np.errstate(over="ignore"):  # an infinite w says nothing of its row, which is then measured
            table[rows] = _image(block, mean, basis)
    return NearIndex(mean, basis, table, squares)


def principal(features: NDArray[Any], count: int) -> tuple[Doubles, Doubles]:
    """The mean (D,) and about the `count` leading principal directions (count, D) of an evenly spread sample."""
    rows = np.unique(np.linspace(0, max(0, len(features) - 1), min(_SAMPLE, len(features))).astype(np.int64))
    sample: Doubles = features[rows].astype(np.float64)
    finite: Doubles = sample[np.isfinite(sample).all(axis=1)]
    if not len(finite):
        return np.zeros(int(features.shape[1])), np.eye(count, int(features.shape[1]))
    mean: Doubles = finite.mean(axis=0)
    centred = finite - mean
    centred /= max(
        float(np.abs(centred).max(initial=0)), 2.0**-500
    )  # so that no square overflows or vanishes
    wide = min(features.shape[1], count + 16)
    basis = np.linalg.qr(np.random.default_rng(2012).normal(size=(features.shape[1], wide)))[0]
    for _ in range(_ROUNDS):
        basis = np.linalg.qr(centred.T @ (centred @ basis))[0]
    shares, turn = np.linalg.eigh(basis.T @ (centred.T @ (centred @ basis)))
    leading = np.argsort(-shares, kind="stable")[:count]
    found: Doubles = np.ascontiguousarray((basis @ turn[:, leading]).T)
    return mean, found


def squared_norms(features: NDArray[Any]) -> Doubles:
    """(images,). Raises `Failed` ("features_not_finite")."""
    squares = np.empty(len(features), np.float64)
    for rows in blocks(features.shape, _BLOCK_BYTES // 16, 8):
        block = features[rows].astype(np.float64)
        squares[rows] = np.einsum("ij,ij->i", block, block)
    refuse_not_finite(squares, 0)
    return squares


def refuse_not_finite(squares: Doubles, start: int) -> None:
    """Raises `Failed` ("features_not_finite") for the first row, counted from `start`, without a finite norm."""
    wrong = np.flatnonzero(~np.isfinite(squares))
    if len(wrong):
        raise Failed(
            "features_not_finite",
            "Row {row} of the features holds values that are not numbers, so nothing is near anything. "
            "Index the run again from a checkpoint whose weights are finite.",
            row=start + int(wrong[0]),
        )


def blocks(shape: tuple[int, ...], limit: int, item_bytes: int) -> Iterator[slice]:
    """Slices of rows of at most `limit` bytes, so that memory stays flat whatever the number of images."""
    size = max(1, limit // (max(1, shape[1]) * item_bytes))
    return (slice(start, start + size) for start in range(0, shape[0], size))


def _image(points: NDArray[Any], mean: Doubles, directions: Doubles) -> Doubles:
    centred = points - mean
    within = centred @ directions.T
    left = np.einsum("ij,ij->i", centred, centred) - np.einsum("ij,ij->i", within, within)
    return np.column_stack([within, np.sqrt(np.maximum(left, 0))])
