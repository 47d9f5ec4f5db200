"""A fully convolutional network over a larger image: at each place what it sees there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import decode
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.normalise import normalised
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.networks.layers import Conv, Pool
from alexnet_studio.networks.spec import Spec, first_fixed
from alexnet_studio.networks.windows import Windows

_LONGEST_PX = 2048  # a network of this family needs a few gigabytes for that


@dataclass(frozen=True, slots=True)
class ClassMap:
    """`pixels` (H, W, C) is the image as it was given to the network, `probabilities` (classes, rows, columns).

    The middle of what the first row and column see lies at `start` (y, x), the next ones `jump` pixels further.
    """

    pixels: NDArray[np.uint8]
    probabilities: NDArray[np.float32]
    start: tuple[float, float]
    jump: int
    classes: tuple[str, ...]


def class_map(loaded: LoadedRun, path: Path, zoom: float = 2.0) -> ClassMap:
    """The image with its shorter side `zoom` times as long as for an ordinary answer, whole and not cropped.

    Raises `BadInput` ("not_convolutional", "map_zoom", "image_unreadable").
    """
    _require_convolutions(loaded.spec)
    if not 1 <= zoom <= 8:
        raise BadInput("map_zoom", "A zoom of {zoom} cannot be. Give one from 1 to 8.", zoom=zoom)
    pixels = scaled(decode.read(path, loaded.record.channels).pixels, loaded.record, zoom)
    x = normalised(pixels[np.newaxis], loaded.record).to(loaded.device.torch())
    with torch.inference_mode():
        logits = loaded.network.map_of(x)
    start, jump = places(loaded.spec, pixels.shape[:2])
    probabilities = torch.softmax(logits.float().cpu().double(), dim=1)[0].float().numpy()
    return ClassMap(pixels, probabilities, start, jump, loaded.classes)


def scaled(pixels: NDArray[np.uint8], record: InputRecord, zoom: float) -> NDArray[np.uint8]:
    """In its own proportions, at most 2048 pixels long, and never smaller than what the network takes."""
    height, width, channels = pixels.shape
    factor = record.resize_to * zoom / min(height, width)
    factor = min(factor, _LONGEST_PX / max(height, width))
    size = (max(record.size, round(width * factor)), max(record.size, round(height * factor)))
    image = Image.fromarray(pixels[..., 0] if channels == 1 else np.ascontiguousarray(pixels))
    resized = np.asarray(image.resize(size, Image.Resampling.BILINEAR))
    return resized.reshape(size[1], size[0], channels)


def places(spec: Spec, size: tuple[int, ...]) -> tuple[tuple[float, float], int]:
    """Where the middle of the first output's window lies (y, x), and the pixels from one output to the next."""
    starts, sides, jump = [0.0, 0.0], list(size), 1
    for layer in spec.layers:
        if not isinstance(layer, Conv | Pool):
            continue
        windows = Windows.of(layer)
        for axis in (0, 1):
            before = windows.margins(sides[axis])[0]
            starts[axis] += ((windows.kernel - 1) / 2 - before) * jump
            sides[axis] = windows.outputs(sides[axis])
        jump *= windows.stride
    return (starts[0], starts[1]), jump


def _require_convolutions(spec: Spec) -> None:
    dense = first_fixed(spec)
    if dense:
        raise BadInput(
            "not_convolutional",
            "The network {network} has the layer {layer}, which takes one image size only. A map of "
            "classes needs a network of convolutions, such as tf-slim-v2.",
            network=spec.name,
            layer=dense,
        )
