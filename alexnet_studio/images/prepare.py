"""Bringing decoded pixels to the square that a network's crops are cut from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.images.input_record import InputRecord

Pixels = NDArray[np.uint8]  # (height, width, channels)


def fit(pixels: Pixels, record: InputRecord) -> Pixels:
    """`pixels` as (resize_to, resize_to, channels); the same array when it already has that size.

    Fit "crop" takes the central square, which is the paper's way (rescale the shorter side, cut out the
    centre) in one step: a 1 × 5000 image never becomes one of 256 × 1,280,000.
    """
    side = record.resize_to
    height, width, channels = pixels.shape
    if (height, width) == (side, side):
        return pixels
    box = _central_square(width, height) if record.fit == "crop" else (0.0, 0.0, float(width), float(height))
    image = Image.fromarray(pixels[..., 0] if channels == 1 else np.ascontiguousarray(pixels))
    fitted = np.asarray(image.resize((side, side), Image.Resampling.BILINEAR, box=box))
    return fitted.reshape(side, side, channels)


def centre(pixels: Pixels, size: int) -> Pixels:
    """The central `size` × `size` of `pixels`, which are at least that large."""
    top = (pixels.shape[0] - size) // 2
    left = (pixels.shape[1] - size) // 2
    return pixels[top : top + size, left : left + size]


def _central_square(width: int, height: int) -> tuple[float, float, float, float]:
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    return left, top, left + side, top + side
