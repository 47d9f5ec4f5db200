"""An order of an epoch that shows every class as often, however many images it has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from alexnet_studio.ground import seeds


def balanced_order(labels: Sequence[int], *, seed: int, epoch: int) -> tuple[list[int], list[int]]:
    """As many positions in `labels` as there are labels, and how often each was visited before in the epoch.

    Every class is visited equally often (what does not divide goes to classes drawn anew in each epoch): of a
    large one another part in each epoch, of a small one every image before any comes again.
    """
    chance = seeds.generator("balanced order", seed, epoch)
    held = np.asarray(labels)
    classes = np.unique(held)
    share, rest = divmod(len(held), len(classes))
    quotas = np.full(len(classes), share)
    quotas[chance.permutation(len(classes))[:rest]] += 1
    positions: list[int] = []
    repeats: list[int] = []
    for label, quota in zip(classes, quotas, strict=True):
        members = np.flatnonzero(held == label)
        for repeat in range(-(-int(quota) // len(members))):
            some = chance.permutation(members)[: int(quota) - repeat * len(members)]
            positions += [int(position) for position in some]
            repeats += [repeat] * len(some)
    shuffled = chance.permutation(len(positions))
    return [positions[i] for i in shuffled], [repeats[i] for i in shuffled]
