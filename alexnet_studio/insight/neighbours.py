"""The images nearest to a query in feature space (Fig. 4, right): exact Euclidean distances, without torch.

Reading the features is the cost, so few of them are read. An index (`near_index`) bounds every distance from below;
the rows are measured in the order of their bounds, by explicit differences in float64, until the next bound exceeds the
k-th distance. Where the bounds leave too many rows (features without structure, or no index), all rows are read once,
by a matrix product in float32: |x|^2 - 2 x.q orders rows by distance up to rounding, what rounding can have moved is
bounded too, and the rows within that bound are measured. Where the rows lie so near to each other that rounding can
have moved most of them (a network that has hardly learned), they are read again, and the differences are taken in
float32: four times the work, and an error that shrinks with the distance. So the answer equals that of float64
throughout, and a query that is in the set is at distance 0 exactly, which the product alone misses by about 0.1 in
4,096 dimensions.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.progress import Progress, finished
from alexnet_studio.insight.index_file import ready
from alexnet_studio.insight.near_index import Doubles, Features, NearIndex, blocks, squared_norms
from alexnet_studio.insight.near_table import DeviceTable, HostTable
from alexnet_studio.runs.features import FeatureFile

if TYPE_CHECKING:
    import torch

_PRODUCT_BYTES = 64 << 20  # of features in one matrix product: large enough for BLAS to use all cores
_MEASURE_BYTES = 2 << 20  # of float64 at a time: stays in a core's cache
_DIFFER_BYTES = 512 << 10  # of float32, as above
_PROBED = 64
_WORTH = 40  # measuring one row in this many costs as much as reading them all in float32


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

    Without an `index` every search reads all of them. `device` is where the index's table is kept, None the memory
    of the host. `name` is what an error calls the features, by default their file.
    Raises `Failed` ("features_not_finite").
    """

    def __init__(
        self,
        features: NDArray[Any],
        name: str = "",
        index: NearIndex | None = None,
        device: torch.device | None = None,
    ) -> None:
        self._features: Features = np.asarray(features, dtype=np.float32)
        self._name = name or str(getattr(features, "filename", "The index"))
        try:
            self._squares = index.squares if index else squared_norms(self._features)
        except Failed as error:
            raise Failed(
                error.code,
                "{file} holds values that are not numbers (row {row}), so nothing is near anything. "
                "Index the run again from a checkpoint whose weights are finite.",
                file=self._name,
                **error.fields,
            ) from error
        self._bounds = _Bounds(index, device) if index else None

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
        few = max(len(self) // _WORTH, 2 * _PROBED, 4 * k)
        found = self._nearest(self._bounds(point), point, k, few) if self._bounds else None
        found = found or self._nearest(self._product_bounds(point), point, k, few)
        # At most all rows are measured then, so that there is an answer.
        found = found or self._nearest(self._difference_bounds(point), point, k, len(self)) or ()
        return tuple(Neighbour(row, float(np.sqrt(square))) for square, row in found)

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

    def _product_bounds(self, point: Features) -> Doubles:
        """(images,): no row's squared distance lies below its bound.

        A float32 dot product of D terms, summed in whatever order, is off by at most D u |x||q| / (1 - D u),
        where u = 2^-24 (Higham, Accuracy and Stability of Numerical Algorithms, 3.1), plus what underflows.
        """
        dimensions = len(point)
        products = np.empty(len(self), np.float64)
        # An overflow is no error here: the row is measured.
        with np.errstate(over="ignore", invalid="ignore"):
            for rows in blocks(self._features.shape, _PRODUCT_BYTES, 4):
                products[rows] = self._features[rows] @ point
        square = float(np.square(point, dtype=np.float64).sum())
        unit = dimensions * 2.0**-24
        relative = unit / (1 - unit) if unit < 0.5 else np.inf
        slack = 2.002 * (relative * np.sqrt(self._squares * square) + dimensions * 2.0**-126)
        # The float64 roundings, here and in `_measure`.
        slack += dimensions * 2.0**-50 * (self._squares + square)
        return _certain(self._squares + square - 2 * products - slack)

    def _difference_bounds(self, point: Features) -> Doubles:
        """(images,): no row's squared distance lies below its bound.

        The float32 sum of D squares of rounded differences is off by at most (D + 2) u / (1 - (D + 2) u) of itself,
        whatever the order (as in `_product_bounds`), plus what underflows.
        """
        dimensions = len(point)
        squares = np.empty(len(self), np.float64)
        with np.errstate(over="ignore"):  # the row is measured
            for rows in blocks(self._features.shape, _DIFFER_BYTES, 4):
                differences = self._features[rows] - point
                squares[rows] = np.vecdot(differences, differences)
        unit = (dimensions + 2) * 2.0**-24
        relative = 1.001 * unit / (1 - unit) if unit < 0.5 else 1.0
        relative += dimensions * 2.0**-50  # the float64 roundings, here and in `_measure`
        return _certain(np.maximum(squares * (1.0 - relative) - dimensions * 2.0**-126, 0.0))

    def _nearest(self, bounds: Doubles, point: Features, k: int, most: int) -> list[tuple[float, int]] | None:
        """The k nearest as (squared distance, row), or None where more than `most` rows would have to be measured."""
        exact = point.astype(np.float64)
        first = _lowest(bounds, max(_PROBED, 2 * k))
        best = self._better([], first, exact, k)
        left = _open(bounds, np.arange(len(bounds)), best[-1])
        if len(left) > most + len(first):
            return None
        left = np.setdiff1d(left, first, assume_unique=True)
        left = left[np.argsort(bounds[left], kind="stable")]
        count = _PROBED
        while len(left):
            best = self._better(best, left[:count], exact, k)
            left = _open(bounds, left[count:], best[-1])
            count *= 2
        return best

    def _better(
        self, best: list[tuple[float, int]], rows: NDArray[np.int64], point: Doubles, k: int
    ) -> list[tuple[float, int]]:
        squares = self._measure(rows, point)
        return sorted([*best, *zip(squares.tolist(), rows.tolist(), strict=True)])[:k]

    def _measure(self, rows: NDArray[np.int64], point: Doubles) -> Doubles:
        """Squared distances of `rows` by explicit differences, all summed alike so that equal rows tie."""
        squares = np.empty(len(rows), np.float64)
        for part in blocks((len(rows), len(point)), _MEASURE_BYTES, 8):
            squares[part] = np.square(self._features[rows[part]] - point).sum(axis=1)
        return squares


class _Bounds:
    """The lower bounds that an index gives, for one query after the other."""

    def __init__(self, index: NearIndex, device: torch.device | None) -> None:
        self._index = index
        self._table = HostTable(index.table) if device is None else DeviceTable(index.table, device)
        self._share = 1 - index.slack()
        with np.errstate(over="ignore"):
            self._own = self._share * np.einsum("ij,ij->i", index.table, index.table, dtype=np.float64)

    def __call__(self, point: Features) -> Doubles:
        """(images,): no row's squared distance lies below its bound; -inf where nothing is known."""
        with np.errstate(over="ignore", invalid="ignore"):
            image = self._index.image(point[None].astype(np.float64))[0].astype(np.float32)
            square = float(np.square(image, dtype=np.float64).sum())
            bounds = np.multiply(self._table.products(image), -2, dtype=np.float64)
            bounds += self._own
            bounds += self._share * square - 4 * len(image) * 2.0**-126  # what underflows
        return _certain(bounds)


def among(file: FeatureFile, device: torch.device | None = None) -> Generator[Progress, None, Neighbours]:
    """The search in a feature file, by the index beside it, which is made where there is none that fits.

    Raises `Failed` ("features_not_finite", with the image and the checkpoint).
    """
    try:
        index = yield from ready(file.features)
        return Neighbours(file.features, index=index, device=device)
    except Failed as error:
        row = error.fields.get("row")
        if not isinstance(row, int):
            raise
        raise Failed(
            error.code,
            "The {layer} features of {image} by the checkpoint {checkpoint} hold values that are not numbers. Index"
            " the run again from a checkpoint whose weights are finite.",
            layer=file.layer,
            image=file.paths[row],
            checkpoint=file.checkpoint,
        ) from error


def nearest(
    file: FeatureFile, query: NDArray[Any], k: int, search: Neighbours | None = None
) -> tuple[Found, ...]:
    """The `k` images of `file` nearest to `query`. Who asks often makes the `search` in its features once."""
    search = search or finished(among(file))
    return tuple(
        Found(one.row, one.distance, file.paths[one.row], file.classes[one.row])
        for one in search.search(query, k)
    )


def _certain(bounds: Doubles) -> Doubles:
    """What overflowed says nothing."""
    bounds[~np.isfinite(bounds)] = -np.inf
    return bounds


def _open(bounds: Doubles, rows: NDArray[np.int64], worst: tuple[float, int]) -> NDArray[np.int64]:
    """Those of `rows` that may still come before `worst`, a squared distance and its row: of equal ones the first."""
    own = bounds[rows]
    return rows[(own < worst[0]) | ((own == worst[0]) & (rows < worst[1]))]


def _lowest(bounds: Doubles, count: int) -> NDArray[np.int64]:
    """The rows of the `count` lowest bounds, of equal ones the first: where all are, nothing else need be measured."""
    if count >= len(bounds):
        return np.arange(len(bounds))
    limit = np.partition(bounds, count - 1)[count - 1]
    below = np.flatnonzero(bounds < limit)
    return np.concatenate([below, np.flatnonzero(bounds == limit)[: count - len(below)]])
