"""From uint8 pixels to a network's input, a batch at a time: the one way to a network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from alexnet_studio.images.augment import Draw
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.prepare import Pixels

_GREY = (0.2989, 0.587, 0.114)  # ITU-R 601, as torchvision weighs them


@dataclass(frozen=True, slots=True)
class Light:
    """Factors (N,) on each image's brightness and on its contrast about its mean grey; values stay in 0..255."""

    brightness: NDArray[np.float32]
    contrast: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Affine:
    """What normalising does to 0..255 pixels: light, then blue first where `reversed`, then x * `scale` + `shift`.

    Scale and shift are (N, C).
    """

    scale: NDArray[np.float32]
    shift: NDArray[np.float32]
    reversed: bool
    light: Light | None = None


def affine(record: InputRecord, count: int, draws: list[Draw] | None = None) -> Affine:
    """For `count` images, with the colours, the light and the scale that were drawn for them."""
    unit = 255.0 if record.range == "0..255" else 1.0
    mean, std = np.array(record.mean), np.array(record.std)
    added, scale, light = np.zeros((count, record.channels)), np.ones((count, 1)), None
    if draws is not None:
        colours = [draw.colour for draw in draws if draw.colour is not None]
        if colours:
            added = np.stack(colours) * unit
        scale = np.array([draw.scale for draw in draws])[:, None]  # of a process's empty share, too
        if any(draw.brightness != 1 or draw.contrast != 1 for draw in draws):
            light = Light(
                np.array([draw.brightness for draw in draws], np.float32),
                np.array([draw.contrast for draw in draws], np.float32),
            )
    if record.order == "BGR":
        added = added[:, ::-1]
    return Affine(
        (unit / 255.0 / std * scale).astype(np.float32),
        ((added - mean) / std * scale).astype(np.float32),
        record.order == "BGR",
        light,
    )


def normalised(
    views: Pixels, record: InputRecord, *, how: Affine | None = None, channels_last: bool = False
) -> torch.Tensor:
    """(N, H, W, C) uint8 in RGB to (N, C, H, W) float32 as `record` wants it.

    Done in numpy, because torch would start threads of its own in each of the loader's.
    """
    count, height, width, channels = views.shape
    how = affine(record, count) if how is None else how
    values: NDArray[Any] = views
    if how.light is not None:
        values = _lit(values.astype(np.float32), how.light)
    if how.reversed:
        values = np.ascontiguousarray(values[..., ::-1])
    # Rows, because numpy is slow where the innermost axis holds three numbers; an image at a time, because it stays
    # in the processor's cache from one operation to the next.
    rows = np.empty((count, height, width * channels), np.float32)
    scale, shift = np.tile(how.scale, width), np.tile(how.shift, width)
    for i, row in enumerate(rows):
        row[...] = values[i].reshape(height, width * channels)
        row *= scale[i]
        row += shift[i]
    found = torch.as_tensor(rows.reshape(count, height, width, channels)).permute(0, 3, 1, 2)
    return found if channels_last else found.contiguous()


def normalised_on(device: torch.device, views: torch.Tensor, how: Affine) -> torch.Tensor:
    """As `normalised`, on the device: `views` (N, H, W, C) uint8 travel there, a quarter of the bytes of floats."""
    values = views.to(device, non_blocking=True).float()
    if how.light is not None:
        values = _lit_on(values, how.light)
    if how.reversed:
        values = values.flip(-1)
    scale, shift = (torch.as_tensor(part).to(device, non_blocking=True) for part in (how.scale, how.shift))
    values = values * scale[:, None, None] + shift[:, None, None]
    return values.permute(0, 3, 1, 2)  # in memory it stays channels-last


def _lit(values: NDArray[np.float32], light: Light) -> NDArray[np.float32]:
    """As torchvision's adjust_brightness, then its adjust_contrast."""
    values = np.clip(values * light.brightness[:, None, None, None], 0, 255)
    weights = np.array(_GREY if values.shape[-1] == 3 else (1.0,), np.float32)
    mean = (values @ weights).mean(axis=(1, 2))
    contrast = light.contrast
    shift = (1 - contrast) * mean
    return np.clip(values * contrast[:, None, None, None] + shift[:, None, None, None], 0, 255)


def _lit_on(values: torch.Tensor, light: Light) -> torch.Tensor:
    brightness, contrast = (
        torch.as_tensor(part).to(values.device)[:, None, None, None]
        for part in (light.brightness, light.contrast)
    )
    values = (values * brightness).clamp(0, 255)
    weights = torch.tensor(_GREY if values.shape[-1] == 3 else (1.0,), device=values.device)
    mean = (values @ weights).mean(dim=(1, 2))[:, None, None, None]
    return (values * contrast + (1 - contrast) * mean).clamp(0, 255)
