"""What an update makes smaller: the cross-entropy, of smoothed labels or weighted classes where the recipe says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from alexnet_studio.ground.device import Device
from alexnet_studio.training.recipe import Recipe


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

    Smoothing s takes s / classes from the right class's probability for each class (Szegedy et al. 2016). Weighted,
    the mean is the sum of weight * loss over the sum of weights, as torch's.
    """

    def __init__(self, recipe: Recipe, device: Device, class_weights: Sequence[float] | None) -> None:
        self._smoothing = recipe.label_smoothing
        self._weights = (
            None
            if class_weights is None
            else torch.tensor(class_weights, dtype=torch.float32, device=device.torch())
        )

    def __call__(self, logits: Tensor, labels: Tensor) -> Tensor:
        return functional.cross_entropy(
            logits.float(), labels, weight=self._weights, label_smoothing=self._smoothing
        )

    def plain(self, loss: Tensor, logits: Tensor, labels: Tensor) -> Tensor:
        """The cross-entropy that the curves show, comparable with validation's, beside the `loss` that was asked."""
        if self._weights is None and not self._smoothing:
            return loss
        return functional.cross_entropy(logits.detach().float(), labels)
