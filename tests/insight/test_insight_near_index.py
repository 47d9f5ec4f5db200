"""The index bounds every distance from below, and a search by it is the brute force of float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.progress import finished
from alexnet_studio.insight import near_index
from alexnet_studio.insight.near_index import NearIndex
from alexnet_studio.insight.near_table import DeviceTable, HostTable
from alexnet_studio.insight.neighbours import Neighbours

Features = NDArray[np.float32]


def _structured(
    images: int, dimensions: int, seed: int = 0, *, offset: float = 0, noise: float = 0.01
) -> Features:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(images, 5)) @ np.random.default_rng(99).normal(size=(5, dimensions))
    return (points + noise * rng.normal(size=points.shape) + offset).astype(np.float32)


def _noise(images: int, dimensions: int, seed: int = 0) -> Features:
    return np.random.default_rng(seed).normal(size=(images, dimensions)).astype(np.float32)


def _index(features: Features, directions: int = 8) -> NearIndex:
    return finished(near_index.build(features, directions))


def _brute(features: Features, query: Features, k: int) -> list[tuple[int, float]]:
    squares = np.square(features - query.astype(np.float64)).sum(axis=1)
    order = np.lexsort((np.arange(len(squares)), squares))[:k]
    return [(int(row), float(np.sqrt(squares[row]))) for row in order]


def _found(features: Features, query: Features, k: int, directions: int = 8) -> list[tuple[int, float]]:
    search = Neighbours(features, index=_index(features, directions))
    return [(one.row, one.distance) for one in search.search(query, k)]


SETS = {
    "structured": _structured(400, 96),
    "far from the origin": _structured(400, 96, offset=3e4),
    "two far clusters": np.concatenate([_structured(200, 96), _structured(200, 96, seed=1, offset=1e6)]),
    "isotropic": _noise(400, 96),
    "constant": np.full((400, 96), 0.1, np.float32),
    "zeros but one": np.eye(400, 96, dtype=np.float32) * (np.arange(400) == 3)[:, None],
    "each five times": np.tile(_structured(80, 96), (5, 1)),
    "denormal": _structured(400, 96) * np.float32(1e-42),
    "overflowing": _structured(400, 96) * np.float32(1e37),
    "one dimension": _structured(400, 1),
    "one image": _structured(1, 96),
    "near copies": np.repeat(_structured(8, 96, noise=1), 50, axis=0) * (1 + 1e-6 * _noise(400, 1)),
}


@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("directions", [1, 8, 64])
def test_as_brute_force_in_double_precision(name: str, directions: int) -> None:
    features = SETS[name].astype(np.float32)
    rng = np.random.default_rng(8)
    inside = features[rng.integers(len(features), size=3)]
    beside = (inside * np.float32(1.001)).astype(np.float32)
    search = Neighbours(features, index=_index(features, directions))
    for query in [*inside, *beside, np.zeros(features.shape[1], np.float32)]:
        for k in (1, 6, len(features)):
            found = [(one.row, one.distance) for one in search.search(query, k)]
            assert found == _brute(features, query, k)


@pytest.mark.parametrize("name", SETS)
def test_no_bound_lies_above_its_distance(name: str) -> None:
    features = SETS[name].astype(np.float32)
    index = _index(features)
    share, own = 1 - index.slack(), np.square(index.table.astype(np.float64)).sum(axis=1)
    for query in features[:: max(1, len(features) // 5)]:
        point = index.image(query[None].astype(np.float64))[0].astype(np.float32)
        with np.errstate(over="ignore", invalid="ignore"):
            products = HostTable(index.table).products(point).astype(np.float64)
        bounds = share * (own + np.square(point, dtype=np.float64).sum()) - 2 * products - 1e-30
        exact = np.square(features - query.astype(np.float64)).sum(axis=1)
        known = np.isfinite(bounds)
        assert (bounds[known] <= exact[known]).all()


def test_the_images_of_points_keep_norms_and_shorten_distances() -> None:
    points = _structured(60, 40, noise=1).astype(np.float64)
    index = _index(points.astype(np.float32), 6)
    images = index.image(points)
    np.testing.assert_allclose(
        np.linalg.norm(images, axis=1), np.linalg.norm(points - index.mean, axis=1), rtol=1e-12
    )
    between = np.linalg.norm(points[:, None] - points[None], axis=2)
    bound = np.linalg.norm(images[:, None] - images[None], axis=2)
    assert (bound <= between * (1 + 1e-12)).all()
    assert bound.sum() > 0.5 * between.sum()


def test_the_directions_are_the_principal_ones() -> None:
    features = _structured(700, 50)
    _, basis = near_index.principal(features, 5)
    centred = features - features.mean(axis=0, dtype=np.float64)
    rows = np.linalg.svd(centred, full_matrices=False)[2][:5]
    np.testing.assert_allclose(np.linalg.svd(basis @ rows.T)[1], 1, atol=1e-9)
    np.testing.assert_allclose(basis @ basis.T, np.eye(5), atol=1e-12)


_VALUES = st.floats(-(2.0**100), 2.0**100, width=32, allow_nan=False) | st.sampled_from(
    [0.0, 1.0, 1.0000001, 1e-40, 3e38, 4096.0, 4096.0005]
)


@settings(max_examples=150)
@given(arrays(np.float32, st.tuples(st.integers(1, 40), st.integers(1, 9)), elements=_VALUES), st.data())
def test_any_finite_numbers(features: Features, data: st.DataObject) -> None:
    query = data.draw(arrays(np.float32, features.shape[1], elements=_VALUES))
    k = data.draw(st.integers(1, 45))
    assert _found(features, query, k, data.draw(st.integers(1, 9))) == _brute(features, query, k)


@settings(max_examples=40)
@given(
    st.integers(0, 2**31), st.integers(150, 700), st.integers(1, 80), st.floats(0, 3), st.floats(-1e5, 1e5)
)
def test_any_mixture_of_structure_noise_copies_and_offset(
    seed: int, images: int, dimensions: int, noise: float, offset: float
) -> None:
    features = _structured(images, dimensions, seed, noise=noise, offset=offset)
    features[images // 2 :: 3] = features[: len(features[images // 2 :: 3])]
    query = features[seed % images] + np.float32(noise)
    expected = _brute(features, query, 9)
    assert _found(features, query, 9) == expected
    order = np.random.default_rng(seed).permutation(images)
    shuffled = _found(features[order], query, 9)
    assert [distance for _, distance in shuffled] == [distance for _, distance in expected]
    assert [d for _, d in shuffled] == [
        float(np.sqrt(np.square(features[order[row]] - query.astype(np.float64)).sum()))
        for row, _ in shuffled
    ]


def test_as_scikit_learn_finds_them() -> None:
    features, queries = _structured(3000, 128), _structured(20, 128, seed=1)
    model: Any = NearestNeighbors(n_neighbors=6, algorithm="brute")
    model.fit(features.astype(np.float64))
    distances, rows = model.kneighbors(queries.astype(np.float64))
    for query, near, far in zip(queries, rows, distances, strict=True):
        found = _found(features, query, 6)
        assert [row for row, _ in found] == near.tolist()
        assert [distance for _, distance in found] == pytest.approx(far.tolist(), rel=1e-6)


def test_structure_spares_reading_the_features() -> None:
    features, query = _structured(20_000, 64), _structured(1, 64, seed=3)[0]
    search = Neighbours(features, index=_index(features))
    expected = search.search(query, 6)
    assert [(one.row, one.distance) for one in expected] == _brute(features, query, 6)
    near = np.argsort(np.square(features - query).sum(axis=1))[:2000]
    features[np.setdiff1d(np.arange(20_000), near)] = np.nan  # who reads them all, finds nothing finite
    assert search.search(query, 6) == expected


def test_the_first_row_that_is_not_finite_is_named() -> None:
    features = _structured(300, 16)
    features[[41, 250], [3, 0]] = [np.nan, np.inf]
    with pytest.raises(Failed) as caught:
        _index(features)
    assert (caught.value.code, caught.value.fields["row"]) == ("features_not_finite", 41)


def test_a_table_on_a_device_of_torch_gives_the_same_answer() -> None:
    features, query = _structured(400, 96), _structured(1, 96, seed=4)[0]
    index = _index(features)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    on_device = Neighbours(features, index=index, device=device).search(query, 20)
    assert [(one.row, one.distance) for one in on_device] == _brute(features, query, 20)
    point = index.image(query[None])[0].astype(np.float32)
    np.testing.assert_allclose(
        DeviceTable(index.table, device).products(point),
        HostTable(index.table).products(point),
        rtol=1e-3,
        atol=1e-3,
    )
