"""The first convolution's kernels as pictures (Fig. 3): tower blocks, normalisation, grids, colourfulness."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Kernels = NDArray[np.floating[Any]]  # (filters, channels, height, width)
Tiles = NDArray[np.uint8]  # (filters, height, width, 3)
Normalisation = Literal["global", "kernel"]


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
    shown = _shown(kernels)
    shown = shown[np.isfinite(shown)]
    return (float(shown.min()), float(shown.max())) if shown.size else (0.0, 0.0)


def tiles(
    kernels: Kernels, normalisation: Normalisation = "global", low_high: tuple[float, float] | None = None
) -> Tiles:
    """Each kernel as a picture.

    "global" is the 2012 code's: the lowest value of all that is shown is black, the highest white
    (`low_high`; by default those of `kernels`), so a weak kernel looks flat. "kernel" stretches each alone.
    Three channels are a colour, others their mean as grey. Constant values are mid grey, NaN is black.
    """
    shown = _shown(kernels)  # (F, H, W, 1 or 3)
    if normalisation == "global":
        low, high = span(kernels) if low_high is None else low_high
    else:
        low = shown.min(axis=(1, 2, 3), keepdims=True)
        high = shown.max(axis=(1, 2, 3), keepdims=True)
    pixels = _to_bytes(shown, np.float64(low), np.float64(high))
    return np.broadcast_to(pixels, (*pixels.shape[:3], 3)).copy()


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


def colourfulness(kernels: Kernels) -> float:
    """How much the kernels look at colour rather than at brightness, in 0..1.

    A kernel's weights at one pixel are a vector (r, g, b); its part along the grey axis (1, 1, 1) answers to
    brightness, the rest to colour. A kernel's share is the energy (sum of squares) of the rest over that of
    the whole; this is the mean share of the kernels that are not all zero. Grey kernels give 0, kernels blind
    to brightness 1, untrained noise 2/3 on average (two of three directions). Without three channels it is 0.
    """
    if kernels.shape[1] != 3:
        return 0.0
    weights = kernels.astype(np.float64)
    grey = weights.mean(axis=1, keepdims=True)  # the projection on (1, 1, 1) / sqrt(3), at each pixel
    energy = np.square(weights).sum(axis=(1, 2, 3))
    colour = np.square(weights - grey).sum(axis=(1, 2, 3))
    alive = energy > 0
    shares: NDArray[np.float64] = colour[alive] / energy[alive]
    return float(shares.mean()) if shares.size else 0.0


def _shown(kernels: Kernels) -> Kernels:
    """(F, H, W, 3) for colour kernels, (F, H, W, 1) for all others."""
    if kernels.shape[1] == 3:
        return kernels.transpose(0, 2, 3, 1)
    return kernels.mean(axis=1)[..., None]


def _to_bytes(values: Kernels, low: Any, high: Any) -> NDArray[np.uint8]:
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        scaled = np.where(high > low, (values - low) / (high - low), 0.5)
    return np.rint(np.nan_to_num(scaled.clip(0, 1), nan=0.0) * 255).astype(np.uint8)
