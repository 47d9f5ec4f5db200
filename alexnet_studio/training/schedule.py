"""The learning rate as a function of the step (and, for "plateau", of what validation said so far); without
torch.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from alexnet_studio.training.recipe import Recipe

# Shares of the training after which "step" takes a tenth. The paper cut three times in its 90 epochs (section
# 5).
CUTS = (1 / 3, 2 / 3, 5 / 6)
PATIENCE = 5
_THRESHOLD = 1e-4  # an improvement smaller than this share is none, as in torch's ReduceLROnPlateau


@dataclass(frozen=True, slots=True)
class Plateau:
    """What "plateau" remembers: the best loss, the epochs waited since, and the tenths taken so far."""

    best: float = math.inf
    waited: int = 0
    cuts: int = 0

    def after(self, loss: float) -> Plateau:
        """The state after an epoch with this validation loss (training loss where there is no validation)."""
        if loss < self.best * (1 - _THRESHOLD):
            return Plateau(loss, 0, self.cuts)
        if self.waited < PATIENCE:
            return Plateau(self.best, self.waited + 1, self.cuts)
        return Plateau(self.best, 0, self.cuts + 1)


def learning_rate(recipe: Recipe, step: int, total_steps: int, plateau: Plateau) -> float:
    """The rate of update number `step` (the first is 0) of `total_steps`.

    "cosine" and "step" are functions of the share that is done: a run that is resumed with another number of
    epochs goes on along the curve of the new number.
    """
    share = step / total_steps
    if recipe.schedule == "cosine":
        return recipe.lr * 0.5 * (1 + math.cos(math.pi * share))
    if recipe.schedule == "step":
        return recipe.lr * 0.1 ** sum(share >= cut for cut in CUTS)
    if recipe.schedule == "plateau":
        return recipe.lr * 0.1**plateau.cuts
    return recipe.lr
