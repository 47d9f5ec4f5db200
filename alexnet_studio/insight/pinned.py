"""A few images looked at again and again while a network learns: their classes, and what is near them by now."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground import seeds
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.normalise import normalised
from alexnet_studio.images.store import Store
from alexnet_studio.insight.features import computed
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.neighbours import Neighbours
from alexnet_studio.insight.predict import seen
from alexnet_studio.networks.spec import hidden_layer


@dataclass(frozen=True, slots=True)
class Glance:
    """`probabilities` (classes,); `near`: places in what was searched with their distances, nearest first."""

    probabilities: NDArray[np.float32]
    near: tuple[tuple[int, float], ...]


def glances(
    loaded: LoadedRun, views: Sequence[NDArray[np.uint8]], store: Store, searched: Sequence[int], k: int
) -> Generator[Progress, None, tuple[Glance, ...]]:
    """Of each of `views` (S, S, C), as the network is given them: its probabilities, and the `k` nearest of the images
    at the indices `searched` of the store, by Euclidean distance in the last hidden layer, exactly.

    Raises `Failed` ("features_not_finite", "query_not_finite") and `BadInput` ("no_hidden_layer").
    """
    layer = hidden_layer(loaded.spec)
    rows: list[NDArray[np.float32]] = []
    with closing(computed(loaded, store, searched, layer)) as batches:
        for values in batches:
            rows.append(values)
            yield Progress("look at pinned images", sum(map(len, rows)), len(searched))
    search = Neighbours(np.concatenate(rows), "The last hidden layer of the training images")
    found: list[Glance] = []
    for view in views:
        probabilities, features = seen(loaded, normalised(view[np.newaxis], loaded.record), layer)
        nearest = search.search(features, k)
        found.append(Glance(probabilities, tuple((one.row, one.distance) for one in nearest)))
    return tuple(found)


def drawn(labels: Sequence[int], most: int, seed: int) -> tuple[int, ...]:
    """Places of at most `most` of the images of these classes, of each class its share (and one at least where there is
    room for that), drawn as the seed says; all where there are no more.
    """
    if len(labels) <= most:
        return tuple(range(len(labels)))
    own = np.asarray(labels)
    part = np.empty(len(own))
    for label in np.unique(own):
        rows = np.flatnonzero(own == label)
        order = seeds.generator("near pinned images", seed, int(label)).permutation(len(rows))
        part[rows[order]] = np.arange(len(rows)) / len(rows)
    return tuple(sorted(map(int, np.argsort(part, kind="stable")[:most])))
