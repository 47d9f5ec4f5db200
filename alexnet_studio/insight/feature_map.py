"""Two coordinates for each indexed image: the two principal components of its features, or t-SNE.

t-SNE (van der Maaten and Hinton, JMLR 2008) is scikit-learn's, on the 50 leading principal components, begun from the
first two of them (so that the whole of the map means something too), in stages of 300 steps between which it can be
cancelled: the first with early exaggeration, as usual.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.near_index import blocks
from alexnet_studio.insight.principal import Principal, principal
from alexnet_studio.runs.features import FeatureFile
from alexnet_studio.runs.maps import FeatureMap, Method, identity

MOST = 3_000  # images that t-SNE arranges: half a minute on two cores
_COMPONENTS = 50
_PERPLEXITY = 30.0
_EXAGGERATION = 12.0
_STAGES, _STEPS = (
    3,
    300,
)  # scikit-learn exaggerates in the first 250, and tells what is left after the others only
_FEWEST = 4
_EXACT = 500  # up to here all pairs are quicker than a tree, whose threads wait for one another
_BLOCK_BYTES = 32 << 20


def feature_map(
    file: FeatureFile, method: Method = "pca", *, most: int = MOST, seed: int = 0
) -> Generator[Progress | FeatureMap]:
    """PCA places all images; t-SNE of more than `most` a seeded sample of `most`. The last event is the map.

    Raises `Failed` ("features_not_finite") and `BadInput` ("too_few_for_tsne").
    """
    images = len(file.features)
    if method == "tsne" and images < _FEWEST:
        raise BadInput(
            "too_few_for_tsne",
            "t-SNE needs at least {fewest} images, and {count} are indexed. Take PCA.",
            fewest=_FEWEST,
            count=images,
        )
    rows = _chosen(images, images if method == "pca" else most, seed)
    found = yield from principal(file.features, 2 if method == "pca" else _COMPONENTS)
    scores = yield from _scores(file.features, rows, found)
    if method == "pca":
        places, facts = scores, _explained(found)
    else:
        places, facts = yield from _arranged(scores, seed)
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


def _arranged(
    scores: NDArray[np.float64], seed: int
) -> Generator[Progress, None, tuple[NDArray[np.float64], dict[str, float]]]:
    from sklearn.manifold import TSNE

    made: Any = TSNE  # its stubs know only the words of some arguments
    count = len(scores)
    perplexity = min(_PERPLEXITY, (count - 1) / 3)
    places = np.zeros((count, 2))
    places[:, : min(2, scores.shape[1])] = scores[:, :2]
    # As small as scikit-learn begins; images that are all alike begin, and stay, at chance.
    spread = float(places[:, 0].std())
    places *= 1e-4 / spread if spread > 0 else 0.0
    if not spread > 0:
        places = np.random.default_rng(seed).normal(scale=1e-4, size=places.shape)
    left = float("nan")
    for stage in range(_STAGES):
        yield Progress("arrange", stage, _STAGES)
        step = made(
            perplexity=perplexity,
            early_exaggeration=1.0 if stage else _EXAGGERATION,
            # scikit-learn's "auto", for the first stage and all that follow.
            learning_rate=max(count / _EXAGGERATION / 4, 50.0),
            max_iter=_STEPS,
            init=places.astype(np.float32),
            random_state=seed,
            method="exact" if count <= _EXACT else "barnes_hut",
        )
        places = np.asarray(step.fit_transform(scores.astype(np.float32)), np.float64)
        left = float(step.kl_divergence_)
    return places, {"kl_divergence": left, "perplexity": perplexity}
