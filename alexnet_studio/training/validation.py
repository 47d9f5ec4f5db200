"""The validation at the end of an epoch, and by what an epoch is the best one."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.store_early import held
from alexnet_studio.insight.evaluate import Evaluation, evaluate
from alexnet_studio.insight.scoring import rank, together
from alexnet_studio.training.feeding import val_batches
from alexnet_studio.training.metrics import Reading
from alexnet_studio.training.plan import Plan
from alexnet_studio.training.world import ALONE, Word, World


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """`guesses` (images,) int64: the class that each validation image of the plan was given, -1 where its file turned
    out to be unreadable. `among` (images,) bool: its own class was among the first k.
    """

    evaluation: Evaluation
    guesses: NDArray[np.int64]
    among: NDArray[np.bool_]


class _Answers:
    """What one process answered, batch by batch."""

    def __init__(self, k: int) -> None:
        self._k = k
        self._guesses: list[Tensor] = []
        self._among: list[Tensor] = []

    def add(self, log_probabilities: Tensor, labels: Tensor) -> None:
        # The first of equal ones, as `rank` counts them.
        self._guesses.append(log_probabilities.argmax(dim=1))
        self._among.append(rank(log_probabilities, labels) < self._k)

    def arrays(self) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Guesses and whether the own class was among the first k; of no images where none came."""
        if not self._guesses:
            return np.zeros(0, np.int64), np.zeros(0, np.bool_)
        return torch.cat(self._guesses).numpy(), torch.cat(self._among).numpy()


def validated(
    network: nn.Module, plan: Plan, epoch: int, world: World = ALONE
) -> Generator[Progress, None, Judged | None]:
    """After an epoch (the first is 0); None where there are no validation images. Its progress lets a training be
    stopped meanwhile.

    Of several processes each judges its part of the images, none twice, and all get the whole.
    """
    judged: Evaluation | None = None
    world.lead(Word.JUDGE)
    # What turned out to be unreadable while the store was filled is left out, as it would be by a filled one.
    val = yield from held(plan.images.store, plan.images.val)
    own = val[world.rank :: world.size]
    if not val:
        return None
    answers = _Answers(plan.k)
    with (
        closing(val_batches(plan, own, epoch)) as source,
        closing(evaluate(network, source, plan.k, plan.device, total=len(own), also=answers.add)) as events,
    ):
        for event in events:
            if isinstance(event, Evaluation):
                judged = event
            else:
                yield event
    if judged is None:
        return None
    parts = world.gathered((judged, *answers.arrays()))
    places = {index: place for place, index in enumerate(plan.images.val)}
    whole = np.full(len(plan.images.val), -1, np.int64), np.zeros(len(plan.images.val), np.bool_)
    for number, (_, guesses, among) in enumerate(parts):
        rows = [places[index] for index in val[number :: world.size]]
        whole[0][rows], whole[1][rows] = guesses, among
    return Judged(together([part for part, _, _ in parts]), *whole)


def value(trained: Reading, judged: Evaluation | None) -> tuple[float, ...]:
    """Larger is better: validation top-1, then validation loss; the training loss where nothing validates."""
    return (-trained.loss,) if judged is None else (judged.top1, -judged.loss)
