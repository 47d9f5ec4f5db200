"""What a run sees on image files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import decode
from alexnet_studio.images.loader import image_tensor
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.networks.spec import hidden_layer

_TOP = 5


@dataclass(frozen=True, slots=True)
class Prediction:
    """`top`: the most probable classes, best first, with their probabilities; empty when `error` says why."""

    image: Path
    top: tuple[tuple[str, float], ...]
    error: str | None = None


def predict(loaded: LoadedRun, paths: Sequence[Path]) -> Iterator[Prediction]:
    """One answer for each path, in order. A file that is no image gets an `error`; the others go on."""
    for path in paths:
        try:
            yield Prediction(path, top(loaded, _probabilities(loaded, _image(loaded, path))))
        except BadInput as error:
            yield Prediction(path, (), error.sentence)


def query(
    loaded: LoadedRun, path: Path, layer: str | None = None
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """(classes,) probabilities and (D,) features of `layer` (default: the last hidden one) of one image file.

    Raises `BadInput` ("image_unreadable", "unknown_layer").
    """
    image = _image(loaded, path)
    return _probabilities(loaded, image), features_of(loaded, image, layer).numpy()[0]


def top(loaded: LoadedRun, probabilities: NDArray[np.float32]) -> tuple[tuple[str, float], ...]:
    """The min(5, classes) most probable classes, best first; of equal ones the first class first."""
    order = np.argsort(-probabilities, kind="stable")[:_TOP]
    return tuple((loaded.classes[int(i)], float(probabilities[i])) for i in order)


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
