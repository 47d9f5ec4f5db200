"""Exact neighbours against loops in float64 and against scikit-learn."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.insight.neighbours import Neighbours

Features = NDArray[np.float32]


def _relu_like(images: int, dimensions: int, seed: int = 0) -> Features:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(images, 12)) @ rng.normal(size=(12, dimensions))
    return np.maximum(points - np.quantile(points, 0.74), 0).astype(np.float32)


def _by_loop(features: Features, query: Features, k: int) -> list[tuple[int, float]]:
    distances = [
        (float(np.sqrt(sum((float(a) - float(b)) ** 2 for a, b in zip(row, query, strict=True)))), i)
        for i, row in enumerate(features)
    ]
    return [(i, distance) for distance, i in sorted(distances)[:k]]


def _found(features: Features, query: Features, k: int) -> list[tuple[int, float]]:
    return [(one.row, one.distance) for one in Neighbours(features).search(query, k)]


@pytest.mark.parametrize("dimensions", [1, 3, 64, 501])
def test_as_a_loop_in_double_precision(dimensions: int) -> None:
    features = _relu_like(90, dimensions)
    for query in _relu_like(5, dimensions, seed=1):
        expected, found = _by_loop(features, query, 7), _found(features, query, 7)
        assert [distance for _, distance in found] == pytest.approx([d for _, d in expected], rel=1e-12)
        if (
            dimensions > 3
        ):  # in few dimensions ReLU leaves many equal rows, whose order a sum's rounding decides
            assert [row for row, _ in found] == [row for row, _ in expected]


def test_as_scikit_learn_finds_them() -> None:
    features, queries = _relu_like(2000, 256), _relu_like(20, 256, seed=1)
    model: Any = NearestNeighbors(n_neighbors=6, algorithm="brute")
    model.fit(features)
    distances, rows = model.kneighbors(queries)
    for query, near, far in zip(queries, rows, distances, strict=True):
        found = _found(features, query, 6)
        assert [row for row, _ in found] == near.tolist()
        assert [distance for _, distance in found] == pytest.approx(far.tolist(), rel=1e-4)


def test_what_float32_products_cannot_order_is_ordered() -> None:
    """Far from the origin |x|^2 - 2 x.q loses the distances altogether: the trap that re-measuring avoids."""
    rng = np.random.default_rng(5)
    features = (1000 + 0.01 * rng.normal(size=(300, 400))).astype(np.float32)
    query = features[17] + np.float32(0.002)
    exact = np.sqrt(np.square(features.astype(np.float64) - query.astype(np.float64)).sum(axis=1))
    naive = np.square(features).sum(axis=1) - 2 * (features @ query)
    assert np.argsort(naive)[:5].tolist() != np.argsort(exact)[:5].tolist()
    assert [row for row, _ in _found(features, query, 5)] == np.argsort(exact, kind="stable")[:5].tolist()


@pytest.mark.parametrize("spread", [0.0, 1e-4])
def test_of_features_that_have_hardly_spread_few_are_measured(
    spread: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a network's after one epoch, or a dead one's: measuring 200,000 rows in float64 would take many seconds."""
    rng = np.random.default_rng(3)
    features = (_relu_like(1, 512)[0] + spread * rng.normal(size=(3000, 512))).astype(np.float32)
    measure: Any = getattr(Neighbours, "_measure")  # noqa: B009 - counted, not replaced
    measured: list[int] = []

    def counted(search: Neighbours, rows: NDArray[np.int64], point: NDArray[np.float64]) -> Any:
        measured.append(len(rows))
        return measure(search, rows, point)

    monkeypatch.setattr(Neighbours, "_measure", counted)
    found = _found(features, features[1700], 6)
    exact = np.square(features.astype(np.float64) - features[1700].astype(np.float64)).sum(axis=1)
    assert [row for row, _ in found] == np.argsort(exact, kind="stable")[:6].tolist()
    assert sum(measured) < 600


def test_a_query_in_the_set_is_at_distance_zero() -> None:
    features = _relu_like(500, 1024)
    for row in (0, 17, 499):
        nearest = Neighbours(features).search(features[row], 1)[0]
        assert (nearest.row, nearest.distance) == (row, 0.0)


@pytest.mark.parametrize("dimensions", [1, 7, 333, 1000])
def test_ties_and_duplicates_keep_the_order_of_rows(dimensions: int) -> None:
    one = _relu_like(40, dimensions)
    features = np.concatenate([one, one, one])
    query = one[3] + np.float32(0.125)
    found = _found(features, query, 120)
    assert found == sorted(found, key=lambda pair: (pair[1], pair[0]))
    for row, distance in found:
        assert (row % 40, distance) in [(r % 40, d) for r, d in found if r < 40]
    identical = np.ones((50, dimensions), np.float32)
    assert [row for row, _ in _found(identical, query, 5)] == [0, 1, 2, 3, 4]


def test_the_order_of_the_rows_changes_nothing_else() -> None:
    features, query = _relu_like(400, 128), _relu_like(1, 128, seed=2)[0]
    order = np.random.default_rng(1).permutation(400)
    plain, shuffled = _found(features, query, 9), _found(features[order], query, 9)
    assert [(int(order[row]), distance) for row, distance in shuffled] == plain


_VALUES = st.floats(-(2.0**100), 2.0**100, width=32, allow_nan=False) | st.sampled_from(
    [0.0, 1.0, 1e-40, 3e38]
)


@given(
    arrays(np.float32, st.tuples(st.integers(1, 9), st.integers(1, 5)), elements=_VALUES),
    st.data(),
)
def test_any_finite_numbers(features: Features, data: st.DataObject) -> None:
    query = data.draw(arrays(np.float32, features.shape[1], elements=_VALUES))
    k = data.draw(st.integers(1, 12))
    exact = np.sqrt(np.square(features.astype(np.float64) - query.astype(np.float64)).sum(axis=1))
    expected = np.lexsort((np.arange(len(exact)), exact))[:k]
    found = _found(features, query, k)
    assert [row for row, _ in found] == expected.tolist()
    assert [distance for _, distance in found] == pytest.approx(exact[expected].tolist(), rel=1e-12)


def test_k_is_at_most_all_and_at_least_one() -> None:
    search = Neighbours(_relu_like(4, 8))
    assert len(search.search(np.zeros(8, np.float32), 100)) == 4
    with pytest.raises(BadInput, match="k is 0"):
        search.search(np.zeros(8, np.float32), 0)
    assert Neighbours(np.empty((0, 8), np.float32)).search(np.zeros(8, np.float32), 3) == ()


def test_numbers_that_are_none_are_refused_by_name() -> None:
    features = _relu_like(10, 8)
    with pytest.raises(Failed, match="the query has 9"):
        Neighbours(features).search(np.zeros(9, np.float32), 1)
    with pytest.raises(Failed, match="finite"):
        Neighbours(features).search(np.full(8, np.nan, np.float32), 1)
    features[3, 3] = np.inf
    with pytest.raises(Failed, match=r"fc7\.npy"):
        Neighbours(features, "runs/a/features/fc7.npy")


def test_a_memory_mapped_file_is_not_copied_into_memory(tmp_path: Path) -> None:
    features = _relu_like(40_000, 256)  # 41 MB
    np.save(tmp_path / "fc7.npy", features)
    mapped = np.load(tmp_path / "fc7.npy", mmap_mode="r")
    tracemalloc.start()
    try:
        found = Neighbours(mapped).search(features[123], 3)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found[0].row == 123
    assert peak < 12_000_000
