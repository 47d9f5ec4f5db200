"""The colours of a folder: what pixels are normalised with, and the principal colours of section 4.1."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from alexnet_studio.ground import seeds
from alexnet_studio.images import prepare
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store import Store

SAMPLE_MAX = 5_000
_SIDE_MAX = 64  # pixels taken of an image, each way: 5,000 images give 20 million, which is plenty
_STD_MIN = 1 / 255  # one grey level: images that are all black must train, too
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_STD = (0.229, 0.224, 0.225)


class ColourStatistics(BaseModel):
    """In units of 0..1, order RGB. `eigenvectors[i]` belongs to `eigenvalues[i]`; the largest comes first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mean: tuple[float, ...]
    std: tuple[float, ...]
    eigenvalues: tuple[float, ...]
    eigenvectors: tuple[tuple[float, ...], ...]


def measure(store: Store, indices: Sequence[int], *, seed: int) -> ColourStatistics:
    """Over at most 5,000 of the images at these store indices, drawn by `seed`; each counts the same."""
    channels = store.record.channels
    total = np.zeros(channels)
    products = np.zeros((channels, channels))
    drawn = sample(indices, seed)
    for index in drawn:
        pixels = _thinned(_seen(store, index)).reshape(-1, channels) / 255.0
        total += pixels.mean(axis=0)
        products += pixels.T @ pixels / len(pixels)
    mean = total / len(drawn)
    covariance = products / len(drawn) - np.outer(mean, mean)
    eigenvalues, eigenvectors = np.linalg.eigh(covariance)
    return ColourStatistics(
        mean=_floats(mean),
        std=_floats(np.maximum(np.sqrt(np.maximum(np.diag(covariance), 0)), _STD_MIN)),
        eigenvalues=_floats(np.maximum(eigenvalues[::-1], 0)),
        eigenvectors=tuple(_floats(_upright(vector)) for vector in eigenvectors.T[::-1]),
    )


def sample(indices: Sequence[int], seed: int) -> list[int]:
    """Those that `measure` looks at."""
    if len(indices) <= SAMPLE_MAX:
        return list(indices)
    drawn = seeds.generator("statistics", seed).choice(len(indices), SAMPLE_MAX, replace=False)
    return [indices[i] for i in sorted(drawn)]


def normalised_by(record: InputRecord, measured: ColourStatistics) -> InputRecord:
    """`record` with the mean and deviation that its `statistics` name, in its channel order and range."""
    mean, std = _named(record, measured)
    step = -1 if record.order == "BGR" else 1
    unit = 255.0 if record.range == "0..255" else 1.0
    return record.model_copy(
        update={"mean": tuple(m * unit for m in mean[::step]), "std": tuple(s * unit for s in std[::step])}
    )


def _named(record: InputRecord, measured: ColourStatistics) -> tuple[tuple[float, ...], tuple[float, ...]]:
    if record.statistics == "none":
        return (0.0,) * record.channels, (1.0,) * record.channels
    if record.statistics == "folder":
        return measured.mean, measured.std
    if record.channels == 1:
        return (sum(_IMAGENET_MEAN) / 3,), (sum(_IMAGENET_STD) / 3,)
    return _IMAGENET_MEAN, _IMAGENET_STD


def _seen(store: Store, index: int) -> Pixels:
    """The part of an image that `prepare.fit` keeps, as the store holds it: resizing 5,000 would take seconds."""
    pixels = store.pixels(index)
    match store.record.fit:
        case "crop":
            return prepare.centre(pixels, min(pixels.shape[:2]))
        case "squash":
            return pixels
        case "pad":
            return prepare.padded(pixels)


def _thinned(pixels: Pixels) -> Pixels:
    height, width, _ = pixels.shape
    return pixels[:: -(-height // _SIDE_MAX), :: -(-width // _SIDE_MAX)]


def _upright(vector: NDArray[np.float64]) -> NDArray[np.float64]:
    """An eigenvector's sign is arbitrary: the largest part is made positive, so that every machine agrees."""
    return vector if vector[np.argmax(np.abs(vector))] > 0 else -vector


def _floats(values: NDArray[np.float64]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
