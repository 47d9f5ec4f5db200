"""How many images were right, and how far off: exact counts and a float64 sum of losses."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a network did on labelled images. `loss` is the mean negative log likelihood, in nats.

    `topk_right` counts the images whose class is among the first `k` = min(5, classes).
    """

    images: int
    loss: float
    top1_right: int
    topk_right: int
    k: int

    @property
    def top1(self) -> float:
        """Accuracy in 0..1; NaN when there were no images."""
        return self.top1_right / self.images if self.images else float("nan")

    @property
    def top5(self) -> float:
        """Share of images whose class is among the first `k`; NaN when there were no images."""
        return self.topk_right / self.images if self.images else float("nan")


class Scores:
    """Adds up batches of log probabilities; the result does not depend on how the images were batched."""

    def __init__(self, k: int) -> None:
        self._k = k
        self.images = 0
        self._loss = 0.0
        self._top1 = 0
        self._topk = 0

    def add(self, log_probabilities: Tensor, labels: Tensor) -> None:
        """`log_probabilities` (N, classes) float64 and `labels` (N,) int64, both on the CPU."""
        own = log_probabilities.gather(1, labels[:, None])  # (N, 1)
        ranks = rank(log_probabilities, labels)
        self.images += len(labels)
        self._loss -= float(own.sum())
        self._top1 += int((ranks < 1).sum())
        self._topk += int((ranks < self._k).sum())

    def result(self) -> Evaluation:
        loss = self._loss / self.images if self.images else float("nan")
        return Evaluation(self.images, loss, self._top1, self._topk, self._k)


def rank(scores: Tensor, labels: Tensor) -> Tensor:
    """How many classes stand before the right one: (N,), 0 is the first place.

    Ties go to the lower class number, so that a network with constant outputs is not right everywhere (`topk`
    leaves their order open). A NaN is before everything and is itself last, so that it is never right.
    """
    own = scores.gather(1, labels[:, None])
    later = torch.arange(scores.shape[1], device=scores.device) >= labels[:, None]
    behind = (scores < own) | ((scores == own) & later)
    return scores.shape[1] - behind.sum(dim=1)
