"""Two coordinates for each indexed image: the two principal components of its features, or t-SNE of the 50 leading
ones.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight import tsne
from alexnet_studio.insight.near_index import blocks
from alexnet_studio.insight.principal import Principal, principal
from alexnet_studio.runs.features import FeatureFile
from alexnet_studio.runs.maps import FeatureMap, Method, identity

MOST = 3_000  # images that t-SNE arranges: half a minute on two cores
_COMPONENTS = 50
_BLOCK_BYTES = 32 << 20


def feature_map(
    file: FeatureFile, method: Method = "pca", *, most: int = MOST, seed: int = 0
) -> Generator[Progress | FeatureMap]:
    """PCA places all images; t-SNE of more than `most` a seeded sample of `most`. The last event is the map.

    Closing this leaves t-SNE at once. Raises `Failed` ("features_not_finite", "tsne_ended") and `BadInput`
    ("too_few_for_tsne").
    """
    images = len(file.features)
    if method == "tsne" and images < tsne.FEWEST:
        raise BadInput(
            "too_few_for_tsne",
            "t-SNE needs at least {fewest} images, and {count} are indexed. Take PCA.",
            fewest=tsne.FEWEST,
            count=images,
        )
    rows = _chosen(images, images if method == "pca" else most, seed)
    found = yield from principal(file.features, 2 if method == "pca" else _COMPONENTS)
    scores = yield from _scores(file.features, rows, found)
    if method == "pca":
        places, facts = scores, _explained(found)
    else:
        places, facts = yield from tsne.arranged(scores, seed)
    whole = np.zeros((len(rows), 2), np.float32)  # one dimension has one coordinate
    whole[:, : places.shape[1]] = places[:, :2]
    yield FeatureMap(method, file.layer, whole, rows, images, identity(file), facts)


def _chosen(images: int, most: int, seed: int) -> NDArray[np.int64]:
    if images <= most:
        return np.arange(images)
    return np.sort(np.random.default_rng(seed).choice(images, most, replace=False)).astype(np.int64)


def _explained(found: Principal) -> dict[str, float]:
    shares = [float(variance / found.total) if found.total else 0.0 for variance in found.variances]
    across, up = (*shares, 0.0, 0.0)[:2]
    return {"explained_x": across, "explained_y": up}


def _scores(
    features: NDArray[Any], rows: NDArray[np.int64], found: Principal
) -> Generator[Progress, None, NDArray[np.float64]]:
    parts: list[NDArray[np.float64]] = []
    for part in blocks((len(rows), features.shape[1]), _BLOCK_BYTES, 8):
        yield Progress("principal", part.start, len(rows))
        parts.append(found.scores(features[rows[part]]))
    return np.concatenate(parts) if parts else np.zeros((0, len(found.directions)))
