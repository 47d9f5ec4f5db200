"""Bringing decoded pixels to the square that a network's crops are cut from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.images.input_record import InputRecord

Pixels = NDArray[np.uint8]  # (height, width, channels)
# What fit "pad" puts around an image, by channels: ImageNet's mean, so that it is about zero once it is normalised,
# whichever statistics do that. The folder's own mean is not known before its images were brought to size.
FIELD: Mapping[int, tuple[int, ...]] = MappingProxyType({3: (124, 116, 104), 1: (114,)})


def fit(pixels: Pixels, record: InputRecord) -> Pixels:
    """`pixels` as (resize_to, resize_to, channels); the same array when it already has that size.

    Fit "crop" takes the central square, which is the paper's way (rescale the shorter side, cut out the
    centre) in one step: a 1 × 5000 image never becomes one of 256 × 1,280,000. "pad" equals Pillow's ImageOps.pad.
    """
    side = record.resize_to
    height, width, _ = pixels.shape
    if (height, width) == (side, side):
        return pixels
    if record.fit == "pad":
        return _padded_to(pixels, side)
    box = _central_square(width, height) if record.fit == "crop" else (0.0, 0.0, float(width), float(height))
    return _resized(pixels, side, side, box)


def padded(pixels: Pixels) -> Pixels:
    """`pixels` at their own size, centred in the square of their longer side, on the field of fit "pad"."""
    height, width, channels = pixels.shape
    side = max(height, width)
    if height == width:
        return pixels
    square = np.empty((side, side, channels), np.uint8)
    square[:] = FIELD[channels]
    # As Pillow's ImageOps.pad, which rounds half to even.
    top, left = round((side - height) / 2), round((side - width) / 2)
    square[top : top + height, left : left + width] = pixels
    return square


def centre(pixels: Pixels, size: int) -> Pixels:
    """The central `size` × `size` of `pixels`, which are at least that large."""
    top = (pixels.shape[0] - size) // 2
    left = (pixels.shape[1] - size) // 2
    return pixels[top : top + size, left : left + size]


def _padded_to(pixels: Pixels, side: int) -> Pixels:
    """The longer side becomes `side` first: the field keeps a sharp edge."""
    height, width, _ = pixels.shape
    high = side if height >= width else max(1, round(height / width * side))
    wide = side if width >= height else max(1, round(width / height * side))
    return padded(_resized(pixels, high, wide, (0.0, 0.0, float(width), float(height))))


def _resized(pixels: Pixels, height: int, width: int, box: tuple[float, float, float, float]) -> Pixels:
    channels = pixels.shape[2]
    image = Image.fromarray(pixels[..., 0] if channels == 1 else np.ascontiguousarray(pixels))
    resized = np.asarray(image.resize((width, height), Image.Resampling.BILINEAR, box=box))
    return resized.reshape(height, width, channels)


def _central_square(width: int, height: int) -> tuple[float, float, float, float]:
    side = min(width, height)
    left, top = (width - side) / 2, (height - side) / 2
    return left, top, left + side, top + side
