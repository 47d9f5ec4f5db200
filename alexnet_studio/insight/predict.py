"""What a run sees on image files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import decode
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.loader import image_tensor
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.views import TEN, Views, view_tensors
from alexnet_studio.networks.spec import hidden_layer

_TOP = 5
_VIEWS_AT_ONCE = 32
_READERS = 2  # threads


Top = tuple[tuple[str, float], ...]  # classes with their probabilities, best first


@dataclass(frozen=True, slots=True)
class ViewAnswer:
    """What one of the ten views alone would be taken for; `place` is one of `views.PLACES`."""

    place: str
    mirrored: bool
    top: Top


@dataclass(frozen=True, slots=True)
class Prediction:
    """`top`: the most probable classes; empty when `error` says why. With ten views, of the mean of the probabilities
    that the views were given, which stand in `views`.
    """

    image: Path
    top: Top
    error: str | None = None
    views: tuple[ViewAnswer, ...] = ()

    def is_unsure(self, threshold: float) -> bool:
        """Whether the most probable class is less probable than that; of an image that was answered."""
        return self.top[0][1] < threshold


@dataclass(frozen=True, slots=True)
class _Read:
    """`views` (views, C, S, S), or None where `error` says why there are none."""

    path: Path
    views: Tensor | None
    error: str = ""


def predict(loaded: LoadedRun, paths: Sequence[Path], views: Views = "center") -> Iterator[Prediction]:
    """One answer for each path, in order. A file that is no image gets an `error`; the others go on.

    Images are read ahead and answered several at a time: one by one, a CPU answers a fifth as many.
    """
    several = max(1, _VIEWS_AT_ONCE // (len(TEN) if views == "ten" else 1))
    # A single image is worth no thread.
    workers = 0 if len(paths) == 1 else _READERS
    with closing(ahead(partial(_read, loaded, views), paths, workers=workers, waiting=several)) as reading:
        while batch := list(islice(reading, several)):
            yield from _answers(loaded, batch)


def _read(loaded: LoadedRun, views: Views, path: Path) -> _Read:
    try:
        pixels = decode.read(path, loaded.record.channels).pixels
    except BadInput as error:
        return _Read(path, None, error.sentence)
    return _Read(path, view_tensors(pixels, loaded.record, views))


def _answers(loaded: LoadedRun, batch: Sequence[_Read]) -> Iterator[Prediction]:
    views = [one.views for one in batch if one.views is not None]
    shares = iter(_shares(loaded, torch.stack(views)) if views else ())
    for one in batch:
        if one.views is None:
            yield Prediction(one.path, (), one.error)
        else:
            yield _prediction(loaded, one.path, next(shares))


def ten_views(loaded: LoadedRun, path: Path, pixels: Pixels) -> Prediction:
    """Of the image `path` that was decoded to `pixels`, (H, W, C)."""
    return _prediction(loaded, path, _shares(loaded, view_tensors(pixels, loaded.record, "ten")[None])[0])


def _shares(loaded: LoadedRun, images: Tensor) -> Tensor:
    """(N, views, classes) probabilities in float64 of (N, views, C, S, S)."""
    with torch.inference_mode():
        logits = loaded.network(images.flatten(0, 1).to(loaded.device.torch()))
    return torch.softmax(logits.float().cpu().double(), dim=1).reshape(*images.shape[:2], -1)


def _prediction(loaded: LoadedRun, path: Path, shares: Tensor) -> Prediction:
    """`shares` (views, classes)"""
    mean = top(loaded, shares.mean(dim=0).float().numpy())
    if len(shares) == 1:
        return Prediction(path, mean)
    alone = tuple(
        ViewAnswer(place, mirrored, top(loaded, row.float().numpy()))
        for (place, mirrored), row in zip(TEN, shares, strict=True)
    )
    return Prediction(path, mean, views=alone)


def query(
    loaded: LoadedRun, path: Path, layer: str | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(classes,) probabilities and (D,) features of `layer` (default: the last hidden one) of one image file.

    Raises `BadInput` ("image_unreadable", "unknown_layer").
    """
    return seen(loaded, _image(loaded, path), layer)


def seen(
    loaded: LoadedRun, image: Tensor, layer: str | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """As `query`, of one image (1, C, S, S) as the network gets it."""
    return _probabilities(loaded, image), features_of(loaded, image, layer).numpy()[0]


def top(loaded: LoadedRun, probabilities: NDArray[np.float32]) -> Top:
    """The min(5, classes) most probable classes, best first; of equal ones the first class first."""
    return tuple((loaded.classes[label], share) for label, share in top_labels(probabilities))


def top_labels(probabilities: NDArray[np.float32]) -> tuple[tuple[int, float], ...]:
    """As `top`, with the numbers of the classes."""
    order = np.argsort(-probabilities, kind="stable")[:_TOP]
    return tuple((int(i), float(probabilities[i])) for i in order)


def features_of(loaded: LoadedRun, images: Tensor, layer: str | None = None) -> Tensor:
    """(N, D) on the CPU. In float32 whatever precision trained, so that near neighbours are not blurred."""
    with torch.inference_mode():
        values = loaded.network.activation(
            images.to(loaded.device.torch()), layer or hidden_layer(loaded.spec)
        )
    return values.flatten(1).float().cpu()


def _image(loaded: LoadedRun, path: Path) -> Tensor:
    """(1, C, S, S)"""
    return image_tensor(decode.read(path, loaded.record.channels).pixels, loaded.record)[None]


def _probabilities(loaded: LoadedRun, image: Tensor) -> NDArray[np.float32]:
    with torch.inference_mode():
        logits = loaded.network(image.to(loaded.device.torch()))
    return torch.softmax(logits.float().cpu().double(), dim=1).float().numpy()[0]
