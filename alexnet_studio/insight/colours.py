"""Looking at a folder's colours and at what noise along their principal axes does to a picture (section 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.ground import seeds
from alexnet_studio.images import prepare
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.statistics import ColourStatistics
from alexnet_studio.images.store import Store

ALPHAS = (-3, -2, -1, 0, 1, 2, 3)  # deviations
_IMAGES = 200
_PIXELS_EACH = 15


@dataclass(frozen=True, slots=True)
class Cloud:
    """Some pixels: `colours` (N, C) uint8, and `plane` (N, 2), their places along the first two principal axes.

    In units of 0..1, from the mean.
    """

    colours: Pixels
    plane: NDArray[np.float64]


def cloud(store: Store, indices: Sequence[int], measured: ColourStatistics, *, seed: int) -> Cloud:
    """Of at most 3,000 pixels of 200 images, drawn by `seed`."""
    random = seeds.generator("cloud", seed)
    drawn = random.permutation(len(indices))[:_IMAGES]
    found = [_some(store.pixels(indices[int(i)]), random) for i in drawn]
    colours = np.concatenate(found)
    axes = np.array(measured.eigenvectors)[:2]
    away = colours / 255.0 - np.array(measured.mean)
    plane = away @ axes.T
    if plane.shape[1] < 2:  # grey: one axis
        plane = np.column_stack([plane[:, 0], np.zeros(len(plane))])
    return Cloud(colours, plane)


def mean_picture(store: Store, indices: Sequence[int]) -> Pixels:
    """(side, side, C): the mean of these images, each brought to the store's side; the 2012 code subtracted it."""
    total = np.zeros((store.record.resize_to, store.record.resize_to, store.record.channels))
    for index in indices:
        total += prepare.fit(store.pixels(index), store.record)
    return np.rint(total / max(1, len(indices))).astype(np.uint8)


def along_axis(pixels: Pixels, measured: ColourStatistics, axis: int, deviation: float) -> Pixels:
    """(7, H, W, C): `pixels` with alpha of -3 to 3 times `deviation` along one principal axis.

    As the 2012 code: alpha times the square root of the eigenvalue times the eigenvector, added to each pixel.
    """
    step = 255.0 * deviation * _deviation(measured, axis)
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else np.ascontiguousarray(pixels))
    moved: list[Pixels] = []
    for alpha in ALPHAS:
        # The same is added to every pixel: 256 sums a channel, looked up, instead of one a pixel.
        levels = _levels(np.arange(256.0) + alpha * step[:, np.newaxis])
        moved.append(np.asarray(image.point(levels.ravel().tolist())).reshape(pixels.shape))
    return np.stack(moved)


def strips(pixels: Pixels, measured: ColourStatistics, deviation: float) -> Pixels:
    """(axes, 7, H, W, C): `along_axis` for each axis."""
    axes = range(len(measured.eigenvalues))
    return np.stack([along_axis(pixels, measured, axis, deviation) for axis in axes])


def swatches(measured: ColourStatistics) -> Pixels:
    """(axes, 7, C): the folder's mean colour moved by -3 to 3 deviations along each principal axis."""
    mean = np.array(measured.mean)
    axes = range(len(measured.eigenvalues))
    return np.stack([_levels(255.0 * (mean + np.outer(ALPHAS, _deviation(measured, axis)))) for axis in axes])


def _deviation(measured: ColourStatistics, axis: int) -> NDArray[np.float64]:
    """(C,), in units of 0..1: one deviation along a principal axis."""
    return np.sqrt(measured.eigenvalues[axis]) * np.array(measured.eigenvectors[axis])


def _levels(values: NDArray[np.float64]) -> Pixels:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def covariance(measured: ColourStatistics) -> NDArray[np.float64]:
    """(C, C), in units of 0..1 squared: what the eigenvalues and eigenvectors were taken of."""
    axes = np.array(measured.eigenvectors)
    return axes.T @ np.diag(measured.eigenvalues) @ axes


def _some(pixels: Pixels, random: np.random.Generator) -> Pixels:
    flat = prepare.centre(pixels, min(pixels.shape[:2])).reshape(-1, pixels.shape[2])
    return flat[random.integers(0, len(flat), _PIXELS_EACH)]
