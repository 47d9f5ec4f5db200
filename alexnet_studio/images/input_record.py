"""What a network eats, written down once: every reader of pixels goes through this record."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict


class InputRecord(BaseModel):
    """How an image file becomes a network's input.

    An image is decoded to uint8, brought to `resize_to` pixels (fit "crop": shorter side, then the centre
    square, as in the paper; "squash": both sides; "pad": longer side, centred on the grey `prepare.FIELD`),
    cropped to `size` (centre; random in training), scaled to 0..1 (or left at 0..255), and normalised channel by
    channel: (x - mean) / std. `mean` and `std` are in units of `range` and in the order of `order`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    channels: Literal[1, 3] = 3
    order: Literal["RGB", "BGR"] = "RGB"
    range: Literal["0..1", "0..255"] = "0..1"
    fit: Literal["crop", "squash", "pad"] = "crop"
    resize_to: int
    size: int
    statistics: Literal["folder", "imagenet", "none"] = "folder"
    mean: tuple[float, ...]
    std: tuple[float, ...]
