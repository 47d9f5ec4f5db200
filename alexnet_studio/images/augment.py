"""Section 4.1 of the paper, and what others do: crops, reflections, turns, light, and noise along principal colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.images.chance import normals, uniforms
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.statistics import ColourStatistics

CHUNK_2012 = 32  # images that shared a crop and a reflection in the 2012 program (its crop_chunk)
# torchvision's RandomResizedCrop, as seed 002 uses it: share of the area, width / height, attempts.
_AREA = (0.08, 1.0)
_RATIO = (3 / 4, 4 / 3)
_ATTEMPTS = 10
_COLUMNS = 13  # of uniform numbers an image: which is which stands in `_drawn`


@dataclass(frozen=True, slots=True)
class Augmentation:
    """`colour_pca`: the deviation of alpha (the paper's 0.1); needs `statistics` when it is not 0.

    `resized`: a box of 8 to 100 % of the area stretched to size (torchvision's RandomResizedCrop) instead of a crop;
    `flip`: top to bottom; `turn`: by quarters; `brightness` b: times a factor in 1 - b .. 1 + b; `contrast` alike,
    about the mean grey. `as_2012`: one crop and reflection for 32 images, and noisy images divided by 1 + `colour_pca`.
    """

    crop: bool
    mirror: bool
    colour_pca: float
    statistics: ColourStatistics | None
    resized: bool = False
    flip: bool = False
    turn: bool = False
    brightness: float = 0.0
    contrast: float = 0.0
    as_2012: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the stored image, in pixels."""

    top: int
    left: int
    height: int
    width: int


@dataclass(frozen=True, slots=True)
class Draw:
    """What chance decides for one image. `box`: what is cut out. `colour`: added to RGB, units of 0..1.

    `quarters`: turns counter-clockwise. `scale`: of the normalised image.
    """

    box: Box
    mirrored: bool
    flipped: bool = False
    quarters: int = 0
    brightness: float = 1.0
    contrast: float = 1.0
    colour: NDArray[np.float64] | None = None
    scale: float = 1.0

    def view(self, pixels: Pixels, size: int) -> Pixels:
        """The square of `size` that was drawn, turned and reflected; a view of `pixels` where nothing is resized."""
        box = self.box
        cut = pixels[box.top : box.top + box.height, box.left : box.left + box.width]
        if (box.height, box.width) != (size, size):
            cut = _resized(cut, size)
        if self.quarters:
            cut = np.rot90(cut, self.quarters)
        if self.flipped:
            cut = cut[::-1]
        return cut[:, ::-1] if self.mirrored else cut


def central(side: int, size: int) -> Draw:
    """The central crop of `size` from a square of `side`, as at test time."""
    margin = (side - size) // 2
    return Draw(Box(margin, margin, size, size), mirrored=False)


def draws(
    augmentation: Augmentation,
    side: int,
    size: int,
    *,
    seed: int,
    epoch: int,
    indices: Sequence[int],
    first: int = 0,
) -> list[Draw]:
    """One for each image of a batch: a function of seed, epoch and index alone, whatever thread asks.

    A crop of `size` from a square of `side`. `first` is the place of the batch's first image in the epoch, from which
    "as in 2012" counts its chunks.
    """
    own = uniforms(indices, _COLUMNS, "augment", seed, epoch)
    if augmentation.as_2012:
        chunks = [(first + i) // CHUNK_2012 for i in range(len(indices))]
        own[:, :3] = uniforms(chunks, 3, "augment 2012", seed, epoch)
    boxes = (
        uniforms(indices, 2 * _ATTEMPTS + 2, "resized crop", seed, epoch) if augmentation.resized else None
    )
    colours = _colours(augmentation, own)
    return [
        _drawn(
            augmentation,
            side,
            size,
            own[i],
            None if boxes is None else boxes[i],
            None if colours is None else colours[i],
        )
        for i in range(len(indices))
    ]


def _drawn(
    augmentation: Augmentation,
    side: int,
    size: int,
    own: NDArray[np.float64],
    boxes: NDArray[np.float64] | None,
    colour: NDArray[np.float64] | None,
) -> Draw:
    top, left, mirror, flip, turn, light, contrast = own[:7].tolist()
    if boxes is not None:
        box = _random_box(side, boxes)
    elif augmentation.crop:
        slack = side - size + 1
        box = Box(int(top * slack), int(left * slack), size, size)
    else:
        box = central(side, size).box
    return Draw(
        box,
        mirrored=augmentation.mirror and mirror < 0.5,
        flipped=augmentation.flip and flip < 0.5,
        quarters=int(4 * turn) if augmentation.turn else 0,
        brightness=1 + augmentation.brightness * (2 * light - 1),
        contrast=1 + augmentation.contrast * (2 * contrast - 1),
        colour=colour,
        scale=1 / (1 + augmentation.colour_pca) if augmentation.as_2012 else 1.0,
    )


def _random_box(side: int, own: NDArray[np.float64]) -> Box:
    """As torchvision draws it: area and logarithm of the ratio uniformly, until the box fits; else the whole."""
    down, across, *attempts = own.tolist()
    for area, ratio in zip(attempts[::2], attempts[1::2], strict=True):
        wanted = side * side * (_AREA[0] + (_AREA[1] - _AREA[0]) * area)
        low, high = math.log(_RATIO[0]), math.log(_RATIO[1])
        stretch = math.exp(low + (high - low) * ratio)
        width, height = round(math.sqrt(wanted * stretch)), round(math.sqrt(wanted / stretch))
        if 0 < width <= side and 0 < height <= side:
            return Box(int(down * (side - height + 1)), int(across * (side - width + 1)), height, width)
    return Box(0, 0, side, side)


def _colours(augmentation: Augmentation, own: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Section 4.1: the principal colours, each times alpha ~ N(0, 0.1) and its own size: (N, C).

    The paper's text multiplies by the eigenvalues, the 2012 code by their square roots, the deviations. Those
    are taken here: they have the units of the pixels, while the effect of eigenvalues depends on the scale.
    """
    if augmentation.colour_pca == 0 or augmentation.statistics is None:
        return None
    deviations = np.sqrt(np.array(augmentation.statistics.eigenvalues))
    alpha = augmentation.colour_pca * normals(own[:, 7 : 7 + 2 * len(deviations)])
    return (alpha * deviations) @ np.array(augmentation.statistics.eigenvectors)


def _resized(cut: Pixels, size: int) -> Pixels:
    channels = cut.shape[2]
    image = Image.fromarray(np.ascontiguousarray(cut[..., 0] if channels == 1 else cut))
    return np.asarray(image.resize((size, size), Image.Resampling.BILINEAR)).reshape(size, size, channels)
