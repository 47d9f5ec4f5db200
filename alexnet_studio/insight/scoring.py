"""How many images were right, and how far off: exact counts and a float64 sum of losses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a network did on labelled images. `loss` is the mean negative log likelihood, in nats.

    `topk_right` counts the images whose class is among the first `k` = min(5, classes). `class_images` and
    `class_right` count the images of each class, and those that were right at once.
    """

    images: int
    loss: float
    top1_right: int
    topk_right: int
    k: int
    class_images: tuple[int, ...] = ()
    class_right: tuple[int, ...] = ()

    @property
    def top1(self) -> float:
        """Accuracy in 0..1; NaN when there were no images."""
        return self.top1_right / self.images if self.images else float("nan")

    @property
    def top5(self) -> float:
        """Share of images whose class is among the first `k`; NaN when there were no images."""
        return self.topk_right / self.images if self.images else float("nan")

    @property
    def class_top1(self) -> tuple[float | None, ...]:
        """Each class' accuracy in 0..1; None for a class without images, of which nothing is known."""
        pairs = zip(self.class_right, self.class_images, strict=True)
        return tuple(right / images if images else None for right, images in pairs)

    @property
    def balanced(self) -> float | None:
        """The mean accuracy of the classes that have images; None when none has."""
        known = [top1 for top1 in self.class_top1 if top1 is not None]
        return sum(known) / len(known) if known else None


def together(parts: Sequence[Evaluation]) -> Evaluation:
    """The evaluation of images whose parts, of the same classes, were evaluated apart; empty parts count nothing."""
    whole = [part for part in parts if part.images]
    if len(whole) < 2:
        return whole[0] if whole else parts[0]
    images = sum(part.images for part in whole)
    return Evaluation(
        images,
        sum(part.loss * part.images for part in whole) / images,
        sum(part.top1_right for part in whole),
        sum(part.topk_right for part in whole),
        whole[0].k,
        tuple(sum(counts) for counts in zip(*(part.class_images for part in whole), strict=True)),
        tuple(sum(counts) for counts in zip(*(part.class_right for part in whole), strict=True)),
    )


class Scores:
    """Adds up batches of log probabilities; the result does not depend on how the images were batched."""

    def __init__(self, k: int) -> None:
        self._k = k
        self.images = 0
        self._loss = 0.0
        self._top1 = 0
        self._topk = 0
        self._of_class = torch.zeros(2, 0, dtype=torch.int64)  # images and right ones of each class

    def add(self, log_probabilities: Tensor, labels: Tensor) -> None:
        """`log_probabilities` (N, classes) float64 and `labels` (N,) int64, both on the CPU."""
        own = log_probabilities.gather(1, labels[:, None])  # (N, 1)
        ranks = rank(log_probabilities, labels)
        self.images += len(labels)
        self._loss -= float(own.sum())
        self._top1 += int((ranks < 1).sum())
        self._topk += int((ranks < self._k).sum())
        classes = log_probabilities.shape[1]
        counts = [torch.bincount(which, minlength=classes) for which in (labels, labels[ranks < 1])]
        self._of_class = torch.stack(counts) + (self._of_class if self._of_class.numel() else 0)

    def result(self) -> Evaluation:
        loss = self._loss / self.images if self.images else float("nan")
        images, right = (tuple(map(int, counts)) for counts in self._of_class)
        return Evaluation(self.images, loss, self._top1, self._topk, self._k, images, right)


def rank(scores: Tensor, labels: Tensor) -> Tensor:
    """How many classes stand before the right one: (N,), 0 is the first place.

    Ties go to the lower class number, so that a network with constant outputs is not right everywhere (`topk`
    leaves their order open). A NaN is before everything and is itself last, so that it is never right.
    """
    own = scores.gather(1, labels[:, None])
    later = torch.arange(scores.shape[1], device=scores.device) >= labels[:, None]
    behind = (scores < own) | ((scores == own) & later)
    return scores.shape[1] - behind.sum(dim=1)
