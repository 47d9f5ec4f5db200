"""Section 4.1 of the paper: random crops, reflections, and noise along the folder's principal colours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground import seeds
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.statistics import ColourStatistics


@dataclass(frozen=True, slots=True)
class Augmentation:
    """`colour_pca`: the deviation of alpha (the paper's 0.1); needs `statistics` when it is not 0."""

    crop: bool
    mirror: bool
    colour_pca: float
    statistics: ColourStatistics | None


@dataclass(frozen=True, slots=True)
class Draw:
    """What chance decides for one image. `top`, `left` in pixels; `colour`: added to RGB, units of 0..1."""

    top: int
    left: int
    mirrored: bool
    colour: NDArray[np.float64] | None = None

    def view(self, pixels: Pixels, size: int) -> Pixels:
        """The crop of `size` that was drawn, reflected if that was drawn; a view of `pixels`."""
        crop = pixels[self.top : self.top + size, self.left : self.left + size]
        return crop[:, ::-1] if self.mirrored else crop


def draw(augmentation: Augmentation, slack: int, *, seed: int, epoch: int, index: int) -> Draw:
    """A function of its arguments alone, whatever thread asks. `slack`: the store's side less the crop's."""
    random = seeds.generator("augment", seed, epoch, index)
    top, left, coin = random.random(3)
    return Draw(
        top=int(top * (slack + 1)) if augmentation.crop else slack // 2,
        left=int(left * (slack + 1)) if augmentation.crop else slack // 2,
        mirrored=augmentation.mirror and bool(coin < 0.5),
        colour=_colour(augmentation, random),
    )


def _colour(augmentation: Augmentation, random: np.random.Generator) -> NDArray[np.float64] | None:
    """Section 4.1: the principal colours, each times alpha ~ N(0, 0.1) and its own size.

    The paper's text multiplies by the eigenvalues, the 2012 code by their square roots, the deviations. Those
    are taken here: they have the units of the pixels, while the effect of eigenvalues depends on the scale.
    """
    if augmentation.colour_pca == 0 or augmentation.statistics is None:
        return None
    deviations = np.sqrt(np.array(augmentation.statistics.eigenvalues))
    alpha = random.normal(0, augmentation.colour_pca, len(deviations))
    return (alpha * deviations) @ np.array(augmentation.statistics.eigenvectors)
