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
# What was done by hand to the run of layer-params-145.cfg, in the epochs of its 90: the weights' rate was cut
# after 25, 51 and 79; conv1's after 67, and it was frozen after 72. The colour noise ended after 67.
CUTS_2012 = (25 / 90, 51 / 90, 79 / 90)
FIRST_CUT_2012, FIRST_FROZEN_2012, COLOUR_END_2012 = 67 / 90, 72 / 90, 67 / 90
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

    All but "plateau" are functions of the share that is done: a run that is resumed with another number of
    epochs goes on along the curve of the new number. "dexp" takes `dexp_steps` equal stairs of a geometric
    fall to 1 / `dexp_fall` (DiscreteExpLearningRateSchedule of cuda-convnet2's lr.cu).
    """
    rate = recipe.lr * warmth(recipe, step, total_steps)
    if recipe.schedule == "plateau":
        return rate * 0.1**plateau.cuts
    return rate * fall(recipe, step / total_steps)


def fall(recipe: Recipe, share: float) -> float:
    """The factor after `share` of the training, of the schedules that know it beforehand."""
    match recipe.schedule:
        case "cosine":
            return 0.5 * (1 + math.cos(math.pi * share))
        case "step":
            return 0.1 ** sum(share >= cut for cut in CUTS)
        case "2012":
            return 0.1 ** sum(share >= cut for cut in CUTS_2012)
        case "dexp":
            stairs = recipe.dexp_steps
            return recipe.dexp_fall ** (-min(stairs - 1, math.floor(share * stairs)) / max(1, stairs - 1))
        case "constant" | "plateau":
            return 1.0


def warmth(recipe: Recipe, step: int, total_steps: int) -> float:
    """A straight line up to 1 over the recipe's first `warmup_epochs`."""
    warming = recipe.warmup_epochs / recipe.epochs * total_steps
    return min(1.0, (step + 1) / warming) if warming > 0 else 1.0


def layer_factor(recipe: Recipe, share: float, *, first: bool, bias: bool) -> float:
    """What "2012" does to a layer beside the falling rate: biases were never annealed, and the first convolution
    was cut once more and frozen at last.
    """
    if recipe.schedule != "2012":
        return 1.0
    if first and share >= FIRST_FROZEN_2012:
        return 0.0
    if bias:
        return 1.0 / fall(recipe, share)
    return 0.1 if first and share >= FIRST_CUT_2012 else 1.0


def colour_noise(recipe: Recipe, epoch: int) -> float:
    """The deviation of the noise along the principal colours in an epoch (the first is 0)."""
    ended = recipe.schedule == "2012" and epoch / recipe.epochs >= COLOUR_END_2012
    return 0.0 if ended else recipe.colour_pca
