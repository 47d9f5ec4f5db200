"""A map of classes over its image: each place in the colour of what is most probable there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette

_MARGIN, _LONGEST, _LEGEND, _LINE = 24, 640, 250, 22
_COLOURS = 8
# Okabe and Ito's, which colour-blind readers tell apart; grey for all further classes.
_HUES = ("#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7", "#000000")
_REST = "#808080"


def class_map(
    pixels: NDArray[np.uint8],
    probabilities: NDArray[np.float32],
    start: tuple[float, float],
    jump: int,
    classes: Sequence[str],
    *,
    title: str = "",
    palette: Palette = LIGHT,
) -> Figure:
    """`pixels` (H, W, C), `probabilities` (classes, rows, columns); the surer, the stronger the colour.

    A place of the map colours the square of `jump` pixels around the middle of what it sees; what no window's
    middle comes near stays as it is.
    """
    best = probabilities.argmax(axis=0)
    sure = probabilities.max(axis=0)
    shares = np.bincount(best.ravel(), minlength=len(classes)) / best.size
    shown = [int(label) for label in np.argsort(-shares, kind="stable")[:_COLOURS] if shares[label] > 0]
    hues = {label: _HUES[place] for place, label in enumerate(shown)}
    blended = _blended(pixels, best, sure, start, jump, hues)
    zoom = _LONGEST / max(blended.shape[:2])
    height, width = blended.shape[0] * zoom, blended.shape[1] * zoom
    page = Page(_MARGIN + width + _LEGEND, max(64 + height, 80 + _LINE * (len(shown) + 1)) + _MARGIN, palette)
    page.text(_MARGIN, 38, title, size=11, bold=True)
    page.picture(_MARGIN, 64, width, height, blended)
    for place, label in enumerate(shown):
        y = 64.0 + place * _LINE
        x = _MARGIN + width + 20
        page.rectangle(x, y, 14, 14, hues[label])
        page.text(x + 22, y + 11, f"{shares[label]:.0%}", colour=palette.quiet)
        page.text(x + 60, y + 11, classes[label], width=_LEGEND - 90)
    return page.figure


def _blended(
    pixels: NDArray[np.uint8],
    best: NDArray[np.int64],
    sure: NDArray[np.float32],
    start: tuple[float, float],
    jump: int,
    hues: dict[int, str],
) -> NDArray[np.uint8]:
    image = np.broadcast_to(pixels, (*pixels.shape[:2], 3)).astype(np.float32)
    colours = np.array([_rgb(hues.get(int(label), _REST)) for label in best.ravel()], np.float32)
    colours = colours.reshape(*best.shape, 3)
    rows, columns = (
        _cells(size, first, jump, count)
        for size, first, count in zip(image.shape[:2], start, best.shape, strict=True)
    )
    inside = (rows >= 0)[:, None] & (columns >= 0)[None, :]
    strength = 0.65 * sure[np.maximum(rows, 0)][:, np.maximum(columns, 0)] * inside
    over = colours[np.maximum(rows, 0)][:, np.maximum(columns, 0)]
    return (image * (1 - strength[..., None]) + over * strength[..., None]).round().astype(np.uint8)


def _cells(size: int, first: float, jump: int, count: int) -> NDArray[np.int64]:
    """For each pixel along a side the place of the map whose square it is in; -1 outside of all."""
    place = np.floor((np.arange(size) - first) / jump + 0.5).astype(np.int64)
    return np.where((place >= 0) & (place < count), place, -1)


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
