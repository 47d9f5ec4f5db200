"""What an update makes smaller: the cross-entropy, of smoothed labels or weighted classes where the recipe says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from alexnet_studio.ground.device import Device
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.world import ALONE, World


def balanced_weights(labels: Sequence[int], classes: int) -> tuple[float, ...]:
    """n / (classes present * n of the class), so that each class weighs as much as another and the mean over the
    images is 1 (scikit-learn's "balanced"); 0 for a class without images.
    """
    counts = Counter(labels)
    return tuple(
        len(labels) / (len(counts) * counts[label]) if counts[label] else 0.0 for label in range(classes)
    )


class Objective:
    """Called with logits (N, classes) and labels (N,), both on the device, it gives the mean to be differentiated.

    Of several processes, each with its share of a batch of `total` images, the mean of their values is the mean over
    the whole batch. Smoothing s takes s / classes from the right class's probability for each class (Szegedy et al.
    2016). Weighted, the mean is the sum of weight * loss over the sum of weights, as torch's.
    """

    def __init__(
        self, recipe: Recipe, device: Device, class_weights: Sequence[float] | None, world: World = ALONE
    ) -> None:
        self._smoothing = recipe.label_smoothing
        self._world = world
        self._weights = (
            None
            if class_weights is None
            else torch.tensor(class_weights, dtype=torch.float32, device=device.torch())
        )

    def __call__(self, logits: Tensor, labels: Tensor, total: int) -> Tensor:
        share = self._share(labels, total)
        if not len(labels):
            # An empty share of a last batch: `logits` are anybody's, so that there are gradients to be added up.
            return logits.sum() * 0.0
        mean = functional.cross_entropy(
            logits.float(), labels, weight=self._weights, label_smoothing=self._smoothing
        )
        return mean if share is None else mean * share

    def _share(self, labels: Tensor, total: int) -> Tensor | float | None:
        """What this process's mean weighs in the mean of all of them; None where there is one process."""
        if self._world.size == 1:
            return None
        if self._weights is None:
            return len(labels) / total * self._world.size
        own = self._weights[labels].sum()
        return own / self._world.add_up(own.clone()) * self._world.size

    def plain(self, loss: Tensor, logits: Tensor, labels: Tensor) -> Tensor:
        """The mean cross-entropy that the curves show, comparable with validation's, beside the `loss` of an update."""
        if not len(labels) or (self._weights is None and not self._smoothing and self._world.size == 1):
            return loss
        return functional.cross_entropy(logits.detach().float(), labels)
