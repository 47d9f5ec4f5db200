"""The views of an image that a network is tested with: the centre, or the paper's ten (section 4.1)."""

from __future__ import annotations

from typing import Literal

import numpy as np
import torch

from alexnet_studio.images import prepare
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.normalise import normalised
from alexnet_studio.images.prepare import Pixels

Views = Literal["center", "ten"]
PLACES = ("top left", "top right", "centre", "bottom left", "bottom right")
# The ten views in their order: where each lies, and whether it is mirrored.
TEN = tuple((place, mirrored) for mirrored in (False, True) for place in PLACES)


def view_tensors(pixels: Pixels, record: InputRecord, views: Views) -> torch.Tensor:
    """(1 or 10, C, S, S) of one decoded image."""
    fitted = prepare.fit(pixels, record)
    cut = prepare.centre(fitted, record.size)[None] if views == "center" else ten(fitted, record.size)
    return normalised(cut, record)


def ten(pixels: Pixels, size: int) -> Pixels:
    """(10, size, size, C): the four corners and the centre, then these five mirrored."""
    five = np.stack([pixels[top : top + size, left : left + size] for top, left in five_places(pixels, size)])
    return np.concatenate([five, five[:, :, ::-1]])


def five_places(pixels: Pixels, size: int) -> tuple[tuple[int, int], ...]:
    """The top left corners of the ten views' five squares."""
    bottom, right = pixels.shape[0] - size, pixels.shape[1] - size
    return (0, 0), (0, right), (bottom // 2, right // 2), (bottom, 0), (bottom, right)
