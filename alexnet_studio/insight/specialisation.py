"""Whether the towers have divided the work: one grey, one coloured, as the paper says of every run (section 6.1)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alexnet_studio.insight.kernels import Kernels, colour_shares

_LEAST_DEVIATION = 0.01  # of shares, which lie in 0..1: towers of equal kernels must not give infinity
_CHANCE = 1.96  # standard deviations: nineteen times in twenty


@dataclass(frozen=True, slots=True)
class Specialisation:
    """`value` = (m2 - m1) / s: the difference of the towers' mean `colour_shares`, over their pooled deviation
    s = sqrt(((n1 - 1) s1^2 + (n2 - 1) s2^2) / (n1 + n2 - 2)), at least 0.01 (Cohen's d). Of more than two towers,
    those with the lowest and the highest mean. `coloured` is the number, from 1, of the tower with the highest mean.

    Towers that were cut from one lot at random stay below `chance` = 1.96 sqrt(1 / n1 + 1 / n2) nineteen times in
    twenty: below it nothing is said.
    """

    value: float
    chance: float
    coloured: int

    @property
    def is_clear(self) -> bool:
        return self.value > self.chance


def specialisation(towers: Sequence[Kernels]) -> Specialisation | None:
    """None for one tower, for kernels that see no colour, and for towers with fewer than two kernels alive."""
    if len(towers) < 2 or towers[0].shape[1] != 3:
        return None
    shares = [one[~np.isnan(one)] for one in map(colour_shares, towers)]
    if min(map(len, shares)) < 2:
        return None
    means = [float(one.mean()) for one in shares]
    low, high = int(np.argmin(means)), int(np.argmax(means))
    if low == high:
        low, high = 0, 1
    counts = [len(shares[low]), len(shares[high])]
    spread = sum((n - 1) * float(shares[i].var(ddof=1)) for n, i in zip(counts, (low, high), strict=True))
    pooled = max(_LEAST_DEVIATION, math.sqrt(spread / (sum(counts) - 2)))
    chance = _CHANCE * math.sqrt(sum(1 / n for n in counts))
    return Specialisation((means[high] - means[low]) / pooled, chance, high + 1)
