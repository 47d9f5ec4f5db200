"""Random numbers as a function of their coordinates, for a whole batch of images at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground import seeds

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def uniforms(indices: Sequence[int], count: int, *coordinates: int | str) -> NDArray[np.float64]:
    """(N, `count`) numbers in [0, 1): a row follows from its index and the coordinates, whatever its batch.

    SplitMix64 (Steele, Lea, Flood 2014), counted from a start that each index has of its own: a generator an image
    would take longer than its crop.
    """
    key = np.uint64(seeds.generator(*coordinates).integers(2**63))
    with np.errstate(over="ignore"):  # it counts modulo 2^64
        starts = _mixed(key + _GOLDEN * np.asarray(indices, np.uint64))
        counters = starts[:, np.newaxis] + _GOLDEN * np.arange(1, count + 1, dtype=np.uint64)
        return (_mixed(counters) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def normals(uniform: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, count) normal numbers from (N, 2 * count) uniform ones, by Box and Muller."""
    radius, angle = np.split(uniform, 2, axis=1)
    return np.sqrt(-2 * np.log1p(-radius)) * np.cos(2 * np.pi * angle)


def _mixed(counters: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = (counters ^ (counters >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
