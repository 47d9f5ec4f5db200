"""Maps of features against scikit-learn's PCA, kept, outdated, sampled, and what cannot be drawn."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray
from sklearn.decomposition import PCA

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.feature_map import feature_map
from alexnet_studio.insight.principal import Principal, principal
from alexnet_studio.runs import maps
from alexnet_studio.runs.features import FeatureFile
from alexnet_studio.runs.maps import FeatureMap, Method


def file_of(features: NDArray[np.float32], checkpoint: str = "c") -> FeatureFile:
    count = len(features)
    return FeatureFile(
        "fc7",
        features,
        np.zeros((count, 64, 64, 3), np.uint8),
        tuple(f"{i % 3}/{i}.png" for i in range(count)),
        tuple(str(i % 3) for i in range(count)),
        checkpoint,
        "/photos",
    )


def structured(count: int, dimensions: int, seed: int = 0) -> NDArray[np.float32]:
    """Three clusters, far from the origin, with variances that fall."""
    dice = np.random.default_rng(seed)
    centres = dice.normal(size=(3, dimensions)) * 4
    spread = dice.normal(size=(count, 8)) @ (dice.normal(size=(8, dimensions)) / np.arange(1, 9)[:, None])
    noise = 0.05 * dice.normal(size=(count, dimensions))
    return (100 + centres[np.arange(count) % 3] + spread + noise).astype(np.float32)


def drawn(file: FeatureFile, method: Method = "pca", **options: int) -> FeatureMap:
    *progress, last = feature_map(file, method, **options)
    assert all(isinstance(event, Progress) for event in progress)
    assert isinstance(last, FeatureMap)
    return last


def components(features: NDArray[np.float32], count: int) -> Principal:
    work = principal(features, count)
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


@pytest.mark.parametrize(("count", "dimensions"), [(900, 40), (30, 200), (400, 1500)])
def test_principal_components_are_scikit_learns_up_to_sign(count: int, dimensions: int) -> None:
    features = structured(count, dimensions)
    found = drawn(file_of(features))
    oracle: Any = PCA(2, svd_solver="full")
    expected: NDArray[np.float64] = oracle.fit_transform(features.astype(np.float64))
    signs = np.sign((found.places * expected).sum(axis=0))
    np.testing.assert_allclose(found.places * signs, expected, atol=2e-3 * np.abs(expected).max())
    shares = [found.facts["explained_x"], found.facts["explained_y"]]
    np.testing.assert_allclose(shares, oracle.explained_variance_ratio_, rtol=1e-4)
    assert found.rows.tolist() == list(range(count))
    assert not found.is_sample


def test_components_are_those_of_all_rows_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    features = structured(500, 60)
    whole = components(features, 5)
    monkeypatch.setattr("alexnet_studio.insight.principal._BLOCK_BYTES", 60 * 8 * 7)
    blocked = components(features, 5)
    np.testing.assert_allclose(blocked.variances, whole.variances, rtol=1e-10)
    np.testing.assert_allclose(blocked.directions, whole.directions, atol=1e-8)
    assert np.abs(blocked.directions @ blocked.directions.T - np.eye(5)).max() < 1e-12
    largest = blocked.directions[np.arange(5), np.abs(blocked.directions).argmax(axis=1)]
    assert (largest > 0).all()


def test_one_image_one_dimension_and_images_that_are_all_alike() -> None:
    assert drawn(file_of(np.ones((1, 9), np.float32))).places.tolist() == [[0, 0]]
    line = drawn(file_of(np.array([[1], [2], [6]], np.float32))).places
    assert line.tolist() == [[-2, 0], [-1, 0], [3, 0]]
    alike = drawn(file_of(np.full((5, 9), 7, np.float32)))
    assert not alike.places.any()
    assert alike.facts == {"explained_x": 0.0, "explained_y": 0.0}


def test_values_that_are_no_numbers_are_refused_with_their_row() -> None:
    features = structured(10, 4)
    features[7, 2] = np.nan
    with pytest.raises(Failed, match="Row 7 of the features"):
        drawn(file_of(features))


@pytest.mark.slow
def test_tsne_keeps_clusters_together_draws_a_sample_by_seed() -> None:
    file = file_of(structured(90, 30))
    found = drawn(file, "tsne", most=60, seed=4)
    assert found.is_sample
    assert len(set(found.rows.tolist())) == 60
    assert 0 < found.facts["kl_divergence"] < 2
    apart = np.hypot(*(found.places[:, None] - found.places[None]).transpose(2, 0, 1))
    np.fill_diagonal(apart, np.inf)
    assert (found.rows[apart.argmin(axis=1)] % 3 == found.rows % 3).mean() > 0.9
    again = drawn(file, "tsne", most=60, seed=4)
    assert again.rows.tolist() == found.rows.tolist()
    with pytest.raises(BadInput, match="t-SNE needs at least 4 images, and 3 are indexed"):
        drawn(file_of(structured(3, 30)), "tsne")


def test_tsne_is_left_at_once_and_its_process_is_gone() -> None:
    own = psutil.Process()
    before = {child.pid for child in own.children()}
    work = feature_map(file_of(structured(2_000, 30)), "tsne")
    assert any(isinstance(event, Progress) and event.what == "arrange" for event in work)
    (process,) = (child for child in own.children() if child.pid not in before)
    while process.cpu_times().user < 1:  # past its imports: it calculates
        next(work)
    begin = time.monotonic()
    work.close()
    assert time.monotonic() - begin < 0.2
    assert not process.is_running()


def test_a_tsne_that_dies_is_told() -> None:
    own = psutil.Process()
    before = {child.pid for child in own.children()}
    work = feature_map(file_of(structured(200, 30)), "tsne")
    assert any(isinstance(event, Progress) and event.what == "arrange" for event in work)
    (process,) = (child for child in own.children() if child.pid not in before)
    process.kill()
    with pytest.raises(Failed, match="ended with code"):
        list(work)


def test_a_map_is_kept_and_known_as_outdated_when_features_change(tmp_path: Path) -> None:
    features = structured(20, 6)
    file = file_of(features)
    made = drawn(file)
    assert maps.read(tmp_path, "fc7", "pca") is None
    maps.write(tmp_path, made)
    kept = maps.read(tmp_path, "fc7", "pca")
    assert kept is not None
    assert np.array_equal(kept.places, made.places)
    assert (kept.features, kept.rows.tolist(), kept.facts) == (
        maps.identity(file),
        list(range(20)),
        made.facts,
    )
    changed = maps.identity(file_of(features + 1))
    assert changed != kept.features
    assert maps.of_same_images(changed, kept.features)
    assert maps.identity(file_of(features, "other weights")) != kept.features
    assert not maps.of_same_images(maps.identity(file_of(features[:19])), kept.features)
    assert not list(tmp_path.glob("*.json"))  # each of those is a layer


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"images": 3, "rows": [9], "facts": {}, "features": ""}'])
def test_a_damaged_map_is_none(tmp_path: Path, text: str) -> None:
    maps.write(tmp_path, drawn(file_of(structured(1, 6))))
    (tmp_path / "maps" / "fc7.pca.json").write_text(text)
    assert maps.read(tmp_path, "fc7", "pca") is None
