"""Kernels as pictures (Fig. 3): tower blocks, normalisation, grids, colourfulness."""

from __future__ import annotations

import math
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

Kernels = NDArray[np.floating[Any]]  # (filters, channels, height, width)
Tiles = NDArray[np.uint8]  # (filters, height, width, 3)
Number = TypeVar("Number", np.uint8, np.float32)
Normalisation = Literal["global", "kernel", "symmetric"]


def towers(kernels: Kernels, count: int) -> tuple[Kernels, ...]:
    """The block of each tower, in order: equal parts of the filters.

    `count` is the spec's: conv1 has one group in torch, so `groups` cannot tell. Raises ValueError when the
    filters do not divide.
    """
    if count < 1 or len(kernels) % count:
        raise ValueError(f"{len(kernels)} kernels do not divide into {count} towers")
    return tuple(np.split(kernels, count))


def span(kernels: Kernels) -> tuple[float, float]:
    """The lowest and highest value shown: for `tiles` of each tower, so that towers can be compared."""
    finite = kernels[np.isfinite(kernels)]
    return (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)


def tiles(
    kernels: Kernels, normalisation: Normalisation = "global", low_high: tuple[float, float] | None = None
) -> Tiles:
    """Each kernel as a picture.

    "global" is the 2012 code's: the lowest value of all that is shown is black, the highest white
    (`low_high`; by default those of `kernels`), so a weak kernel looks flat. "kernel" stretches each alone.
    "symmetric" is as "global", but zero is mid grey and the largest magnitude black or white, so that signs can be
    read. Three channels are a colour, one is grey, others stand beside each other (`mosaic`). Constant values are mid
    grey, NaN is black.
    """
    if normalisation == "kernel":
        low: Any = kernels.min(axis=(1, 2, 3), keepdims=True)
        high: Any = kernels.max(axis=(1, 2, 3), keepdims=True)
    else:
        low, high = span(kernels) if low_high is None else low_high
        if normalisation == "symmetric":
            high = max(abs(low), abs(high))
            low = -high
    pixels = _to_bytes(kernels, low, high)
    channels = pixels.shape[1]
    if channels == 3:
        return np.ascontiguousarray(pixels.transpose(0, 2, 3, 1))
    grey = pixels[:, 0] if channels == 1 else mosaic(pixels)
    return np.repeat(grey[..., None], 3, axis=3)


def mosaic(channels: NDArray[Number]) -> NDArray[Number]:
    """(F, C, H, W) as (F, rows, columns): the channels of each in reading order, nearly as many rows as columns, with
    a line of zeros, one pixel wide, between them.
    """
    count, depth, height, width = channels.shape
    across = max(1, math.ceil(math.sqrt(depth)))
    down = -(-depth // across)
    cells = np.zeros((count, across * down, height + 1, width + 1), channels.dtype)
    cells[:, :depth, :height, :width] = channels
    picture = cells.reshape(count, down, across, height + 1, width + 1).swapaxes(2, 3)
    return picture.reshape(count, down * (height + 1), across * (width + 1))[:, :-1, :-1]


def patterns(kernels: Kernels) -> Kernels:
    """(F, 1, H, W): what the channels of each kernel have most in common, as large as it is in the kernel.

    Of a kernel as the matrix K (C, H W) this is the first principal component s v^T of the singular value
    decomposition: no other single pattern, taken with a weight in each channel, comes nearer to all of them. Its sign
    is the one in which those weights sum to more than zero.
    """
    count, _, height, width = kernels.shape
    matrix = np.nan_to_num(kernels.reshape(count, kernels.shape[1], -1).astype(np.float64))
    values, vectors = np.linalg.eigh(matrix.swapaxes(1, 2) @ matrix)
    pattern = vectors[:, :, -1]
    sign = np.where(np.einsum("fcn,fn->f", matrix, pattern) < 0, -1.0, 1.0)
    size = np.sqrt(values[:, -1].clip(0))
    return (pattern * (sign * size)[:, None]).reshape(count, 1, height, width).astype(np.float32)


def grid(tiles: Tiles, columns: int = 16, border: int = 1, fill: int = 0) -> NDArray[np.uint8]:
    """Tiles row by row, `border` pixels of grey level `fill` between and around them: (height, width, 3).

    Fewer tiles than `columns` make a narrower picture; an unfinished last row ends in `fill`.
    """
    count, height, width, _ = tiles.shape
    columns = max(1, min(columns, count))
    rows = -(-count // columns)
    cells = np.full((rows * columns, height + border, width + border, 3), fill, np.uint8)
    cells[:count, border:, border:] = tiles
    picture = cells.reshape(rows, columns, height + border, width + border, 3).swapaxes(1, 2)
    picture = picture.reshape(rows * (height + border), columns * (width + border), 3)
    return np.pad(picture, ((0, border), (0, border), (0, 0)), constant_values=fill)


def colour_shares(kernels: Kernels) -> NDArray[np.float64]:
    """(F,) how much each kernel looks at colour rather than at brightness, in 0..1; NaN for one of zeros.

    A kernel's weights at one pixel are a vector w = (r, g, b); its part along the grey axis (1, 1, 1) answers to
    brightness, the rest to colour. The share is sum |w - mean(w)|^2 / sum |w|^2 over the kernel's pixels: grey
    kernels give 0, kernels blind to brightness 1, untrained noise 2/3 on average (two of three directions). Without
    three channels it is 0.
    """
    energy = np.einsum("fchw,fchw->f", kernels, kernels, dtype=np.float64)
    if kernels.shape[1] != 3:
        return np.where(energy > 0, 0.0, np.nan)
    total = kernels.sum(axis=1, dtype=np.float64)  # r + g + b, at each pixel
    grey = np.einsum("fhw,fhw->f", total, total) / 3
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(energy > 0, ((energy - grey) / energy).clip(0, 1), np.nan)


def colourfulness(kernels: Kernels) -> float:
    """The mean of `colour_shares` over the kernels that are not all zero; 0 where all are."""
    shares = colour_shares(kernels)
    known = shares[~np.isnan(shares)]
    return float(known.mean()) if known.size else 0.0


def _to_bytes(values: Kernels, low: Any, high: Any) -> NDArray[np.uint8]:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        scale = np.where(high > low, 255 / (np.subtract(high, low, dtype=np.float64)), 0.0)
        scaled = (values - np.asarray(low, np.float64)) * scale
        scaled += np.where(high > low, 0.0, 127.5)
    return np.rint(np.nan_to_num(scaled.clip(0, 255), nan=0.0)).astype(np.uint8)
