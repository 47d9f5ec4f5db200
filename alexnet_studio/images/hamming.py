"""Pairs of 64-bit hashes that differ in few bits, found without comparing each with each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.int64]
_BITS = 64


def near_pairs(hashes: NDArray[np.uint64], distance: int) -> Iterator[tuple[Rows, Rows]]:
    """The rows of every pair at most `distance` bits apart, some at a time; a pair may come several times.

    Pigeonholes: of distance + 2 bands of bits, at least two are equal in such a pair, so that only hashes
    with two equal bands are compared: 100,000 random ones take a second. It is slow, as comparing each with
    each would be, where tens of thousands agree in a third of their bits.
    """
    edges = np.linspace(0, _BITS, distance + 3).round().astype(int).tolist()
    masks = [(1 << end) - (1 << start) for start, end in pairwise(edges)]
    for one, other in combinations(masks, 2):
        keys = hashes & np.uint64(one | other)
        order = np.argsort(keys, kind="stable")
        yield from _near_neighbours(keys[order], hashes[order], order, distance)


def _near_neighbours(
    keys: NDArray[np.uint64], hashes: NDArray[np.uint64], order: Rows, distance: int
) -> Iterator[tuple[Rows, Rows]]:
    """All pairs with the same key, which are sorted: each row and the next, then the next but one, …"""
    left = np.arange(len(keys))
    for apart in range(1, len(keys)):
        left = left[left + apart < len(keys)]
        left = left[keys[left] == keys[left + apart]]
        if not len(left):
            return
        close = left[np.bitwise_count(hashes[left] ^ hashes[left + apart]) <= distance]
        yield order[close], order[close + apart]
