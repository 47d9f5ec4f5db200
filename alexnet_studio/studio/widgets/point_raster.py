"""Tens of thousands of points as one picture: each class has a colour and a shape."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from alexnet_studio.studio.theme import Theme

SHAPES = 5  # coprime to the number of colours: 40 classes all differ, and neighbours in both
_OUTLINE_PX = 2
_LAYER = 16_384  # points that may cover one another in another order than theirs


def colour_of(theme: Theme, label: int) -> QColor:
    return theme.run_colour(label)


def shape(label: int, side: int) -> NDArray[np.bool_]:
    """(side, side), for an odd `side`: disc, diamond, square, triangle, cross."""
    half = side // 2
    down, across = np.mgrid[-half : half + 1, -half : half + 1]
    reach = half + 0.4
    arm = max(0.5, half / 3)
    return (
        np.hypot(across, down) <= reach,
        abs(across) + abs(down) <= reach,
        np.maximum(abs(across), abs(down)) <= max(1, round(0.75 * half)),
        abs(across) * 2 <= down + half,
        (abs(across) <= arm) | (abs(down) <= arm),
    )[label % SHAPES]


def point_side(count: int) -> int:
    """Pixels of a point when there are `count` of them: small where they would cover each other."""
    return 5 if count > 20_000 else 7 if count > 2_000 else 9


def raster(
    theme: Theme,
    pixels: NDArray[np.float64],
    labels: NDArray[np.int64],
    size: tuple[int, int],
    side: int,
    outlined: NDArray[np.bool_] | None = None,
) -> QImage:
    """A picture of `size` (width, height), transparent but for the points at `pixels` (n, 2), the last on top; those
    that are `outlined` (n,) above all others.

    Points that stick out over its border are left out.
    """
    width, height = size
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    # Its own memory, and in the format that is painted: of megabytes, each copy shows.
    picture = np.frombuffer(image.bits(), np.uint32)
    room = side // 2 + (0 if outlined is None else _OUTLINE_PX)
    across, down = (np.floor(column).astype(np.int64) for column in pixels.T)
    inside = (across >= room) & (across < width - room) & (down >= room) & (down < height - room)
    start, own = (down * width + across)[inside], labels[inside]
    kinds = int(own.max(initial=0)) + 1
    paint = np.array([colour_of(theme, label).rgba() for label in range(kinds)], np.uint32)
    if outlined is None:
        _stamp(picture, width, start, own, side, paint)
        return image
    marked = outlined[inside]
    line = np.full(kinds, theme.colour("text").rgba(), np.uint32)
    _stamp(picture, width, start[~marked], own[~marked], side, paint)
    _stamp(picture, width, start[marked], own[marked], side + 2 * _OUTLINE_PX, line)
    _stamp(picture, width, start[marked], own[marked], side, paint)
    return image


def _stamp(
    picture: NDArray[np.uint32],
    width: int,
    start: NDArray[np.int64],
    own: NDArray[np.int64],
    side: int,
    paint: NDArray[np.uint32],
) -> None:
    """The shapes of the classes `own` (n,) about the pixels `start` (n,), in the colours `paint` of the classes."""
    half = side // 2
    masks = [np.nonzero(shape(kind, side)) for kind in range(SHAPES)]
    steps = [(down - half) * width + across - half for down, across in masks]
    form, colours = own % SHAPES, paint[own]
    # In layers of rows, so that what is on top does not depend on the shape; a layer is one assignment a shape.
    for first in range(0, len(start), _LAYER):
        part = slice(first, first + _LAYER)
        for kind in range(SHAPES):
            mine = np.flatnonzero(form[part] == kind)
            picture[start[part][mine][:, None] + steps[kind]] = colours[part][mine][:, None]
