"""What the 2012 program would have answered: of each batch of training images only the nearest one.

`findsimilar.py` kept the best of each of 1,334 batches of about a thousand images, so that two true neighbours of
one batch never stood in its list. Its batches were shuffled; here a seed shuffles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground import seeds
from alexnet_studio.insight.neighbours import Neighbour, Neighbours

BATCH = 1000


@dataclass(frozen=True, slots=True)
class Shortcut:
    """`found`: at most one of each batch, nearest first, fewer than k where there are fewer batches. `missed`: the true
    k nearest that are not among them.
    """

    found: tuple[Neighbour, ...]
    missed: tuple[Neighbour, ...]


def batches_of(images: int, *, batch: int = BATCH, seed: int = 0) -> NDArray[np.int64]:
    """(images,): the number of each image's batch."""
    numbers = np.empty(images, np.int64)
    numbers[seeds.generator("shortcut", seed).permutation(images)] = np.arange(images) // batch
    return numbers


def shortcut(search: Neighbours, query: NDArray[Any], k: int, numbers: NDArray[np.int64]) -> Shortcut:
    """`numbers`: the batch of each row. Raises what `Neighbours.search` raises.

    The first of a batch in the true order is that batch's nearest, so nothing else has to be measured.
    """
    wanted = min(k, len(np.unique(numbers)))
    reach = k
    while True:
        true = search.search(query, reach)
        firsts: dict[int, Neighbour] = {}
        for one in true:
            firsts.setdefault(int(numbers[one.row]), one)
        if len(firsts) >= wanted or len(true) == len(search):
            found = tuple(firsts.values())[:k]
            return Shortcut(found, tuple(one for one in true[:k] if one not in found))
        reach *= 2
