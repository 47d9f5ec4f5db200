"""The images nearest to a query in feature space (Fig. 4, right): exact Euclidean distances, without torch.

Reading the features is the cost, so they are read once, by a matrix product in float32: |x|^2 - 2 x.q orders
rows by distance up to rounding. What rounding can have moved is bounded, and the rows within that bound are
measured again by explicit differences in float64. So a query that is in the set is at distance 0 exactly,
which the product alone misses by about 0.1 in 4,096 dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.runs.features import FeatureFile

Features = NDArray[np.float32]  # (images, dimensions)

_PRODUCT_BYTES = 64 << 20  # of features in one matrix product: large enough for BLAS to use all cores
_MEASURE_BYTES = 2 << 20  # of float64 at a time: stays in a core's cache
_PROBED = 64


@dataclass(frozen=True, slots=True)
class Neighbour:
    row: int
    distance: float


@dataclass(frozen=True, slots=True)
class Found:
    """A neighbour that is an image: `path` is relative to the feature file's `source`, `name` is its class."""

    row: int
    distance: float
    path: str
    name: str


class Neighbours:
    """Exact search in `features` (images, dimensions), which may be memory-mapped; they are not copied.

    `name` is what an error calls them, by default their file. Raises `Failed` ("features_not_finite").
    """

    def __init__(self, features: NDArray[Any], name: str = "") -> None:
        self._features: Features = np.asarray(features, dtype=np.float32)
        self._name = name or str(getattr(features, "filename", "The index"))
        self._squares = _squared_norms(self._features)
        if not np.isfinite(self._squares).all():
            raise Failed(
                "features_not_finite",
                "{file} holds values that are not numbers, so nothing is near anything. "
                "Index the run again from a checkpoint whose weights are finite.",
                file=self._name,
            )

    def __len__(self) -> int:
        return len(self._features)

    def search(self, query: NDArray[Any], k: int) -> tuple[Neighbour, ...]:
        """The `k` rows nearest to `query` (dimensions,), nearest first, ties in row order; at most all.

        Raises `BadInput` ("neighbours_k") and `Failed` ("query_dimensions", "query_not_finite").
        """
        point = self._checked(query, k)
        k = min(k, len(self))
        if k == 0:
            return ()
        bounds = self._lower_bounds(point)
        rows, squares = self._nearest(bounds, point.astype(np.float64), k)
        return tuple(
            Neighbour(int(row), float(distance)) for row, distance in zip(rows, np.sqrt(squares), strict=True)
        )

    def _checked(self, query: NDArray[Any], k: int) -> Features:
        if k < 1:
            raise BadInput(
                "neighbours_k", "k is {k}, but there is no such number of neighbours. Give 1 or more.", k=k
            )
        point = np.asarray(query, dtype=np.float32)
        if point.shape != self._features.shape[1:]:
            raise Failed(
                "query_dimensions",
                "{file} holds {dimensions} values an image, but the query has {given}. Index the run again.",
                file=self._name,
                dimensions=self._features.shape[1],
                given=point.size,
            )
        if not np.isfinite(point).all():
            raise Failed(
                "query_not_finite",
                "The network's features of the query are not finite. Choose a checkpoint whose weights are.",
            )
        return point

    def _lower_bounds(self, point: Features) -> NDArray[np.float64]:
        """(images,): no row's squared distance, less |q|^2, lies below its bound.

        A float32 dot product of D terms, summed in whatever order, is off by at most D u |x||q| / (1 - D u),
        where u = 2^-24 (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), plus what underflows.
        """
        dimensions = len(point)
        products = np.empty(len(self), np.float64)
        # An overflow is no error here: the row is measured.
        with np.errstate(over="ignore", invalid="ignore"):
            for rows in _chunks(self._features.shape, _PRODUCT_BYTES, 4):
                products[rows] = self._features[rows] @ point
        square = float(np.square(point, dtype=np.float64).sum())
        unit = dimensions * 2.0**-24
        relative = unit / (1 - unit) if unit < 0.5 else np.inf
        slack = 2.002 * (relative * np.sqrt(self._squares * square) + dimensions * 2.0**-126)
        # The float64 roundings, here and in `_measure`.
        slack += dimensions * 2.0**-50 * (self._squares + square)
        bounds = self._squares - 2 * products - slack
        return np.where(np.isfinite(bounds), bounds, -np.inf)

    def _nearest(
        self, bounds: NDArray[np.float64], point: NDArray[np.float64], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Measure the rows that look nearest; then all whose bound lies within the k-th distance so found."""
        probed = self._measure(_lowest(bounds, max(_PROBED, 2 * k)), point)
        limit = np.partition(probed, k - 1)[k - 1] - np.square(point).sum()
        rows = np.flatnonzero(bounds <= limit)
        squares = self._measure(rows, point)
        best = np.lexsort((rows, squares))[:k]
        return rows[best], squares[best]

    def _measure(self, rows: NDArray[np.int64], point: NDArray[np.float64]) -> NDArray[np.float64]:
        """Squared distances of `rows` by explicit differences, all summed alike so that equal rows tie."""
        squares = np.empty(len(rows), np.float64)
        for part in _chunks((len(rows), len(point)), _MEASURE_BYTES, 8):
            squares[part] = np.square(self._features[rows[part]] - point).sum(axis=1)
        return squares


def nearest(
    file: FeatureFile, query: NDArray[Any], k: int, search: Neighbours | None = None
) -> tuple[Found, ...]:
    """The `k` images of `file` nearest to `query`. Who asks often makes the `search` in its features once."""
    search = search or Neighbours(file.features)
    return tuple(
        Found(one.row, one.distance, file.paths[one.row], file.classes[one.row])
        for one in search.search(query, k)
    )


def _squared_norms(features: Features) -> NDArray[np.float64]:
    squares = np.empty(len(features), np.float64)
    for rows in _chunks(features.shape, _MEASURE_BYTES, 8):
        block = features[rows].astype(np.float64)
        squares[rows] = np.einsum("ij,ij->i", block, block)
    return squares


def _lowest(bounds: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """The rows of the `count` lowest bounds."""
    if count >= len(bounds):
        return np.arange(len(bounds))
    return np.argpartition(bounds, count - 1)[:count]


def _chunks(shape: tuple[int, ...], limit: int, item_bytes: int) -> Iterator[slice]:
    """Slices of rows of at most `limit` bytes, so that memory stays flat whatever the number of images."""
    size = max(1, limit // (max(1, shape[1]) * item_bytes))
    return (slice(start, start + size) for start in range(0, shape[0], size))
