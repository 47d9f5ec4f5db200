"""What augmentation does (section 4.1): an image with a crop, the folder's principal colours, noise along them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette

Pixels = NDArray[np.uint8]

_MARGIN, _GAP, _WIDE = 24, 24, 800
_IMAGE, _LINE, _SWATCH, _CLOUD, _CELL = 288, 20, 16, 220, 92
_ALPHAS = ("−3", "−2", "−1", "0", "1", "2", "3")


@dataclass(frozen=True, slots=True)
class Cut:
    """`pixels` (side, side, C) with the square of `size` at `place` (top, left), and the `crop` that it gives.

    `lines` are said of it.
    """

    pixels: Pixels
    size: int
    place: tuple[int, int]
    crop: Pixels
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Axis:
    """`swatches` (7, C): colours along it; `strip` (7, S, S, C): the crop with noise along it, or None."""

    name: str
    value: str
    note: str
    swatches: Pixels
    strip: Pixels | None = None


@dataclass(frozen=True, slots=True)
class Cloud:
    """`places` (N, 2) along the first two axes, `colours` (N, 1 or 3), one deviation along both."""

    places: NDArray[np.float64]
    colours: Pixels
    deviations: tuple[float, float]


def laboratory(
    cut: Cut | None,
    axes: Sequence[Axis],
    cloud: Cloud | None,
    *,
    title: str = "",
    noise: str = "",
    palette: Palette = LIGHT,
) -> Figure:
    """The parts that there are, below each other. `noise` is said of the strips."""
    strips = [axis for axis in axes if axis.strip is not None]
    crops_px = 0 if cut is None else _IMAGE + _GAP
    colours_px = max(_CLOUD, 72 * len(axes)) + _GAP if axes else 0
    strips_px = len(strips) * (_CELL + 24) + 2 * _LINE if strips else 0
    page = Page(_WIDE, 64 + crops_px + colours_px + strips_px + _MARGIN, palette)
    page.text(_MARGIN, 38, title, size=11, bold=True)
    if cut is not None:
        _draw_cut(page, 64, cut)
    _draw_axes(page, 64 + crops_px, axes)
    if cloud is not None:
        _draw_cloud(page, 64 + crops_px, cloud)
    if strips:
        _draw_strips(page, 64 + crops_px + colours_px, strips, noise)
    return page.figure


def _draw_cut(page: Page, top: float, cut: Cut) -> None:
    page.picture(_MARGIN, top, _IMAGE, _IMAGE, cut.pixels)
    scale = _IMAGE / cut.pixels.shape[0]
    y, x = (edge + at * scale for edge, at in zip((top, _MARGIN), cut.place, strict=True))
    side = cut.size * scale
    corners = ((x, y), (x + side, y), (x + side, y + side), (x, y + side))
    # Dark and light, to be seen on any picture.
    page.polygon(corners, edge=page.palette.paper, thickness=3)
    page.polygon(corners, edge=page.palette.accent, thickness=1.5)
    left = _MARGIN + _IMAGE + _GAP
    shown = min(224, _IMAGE)
    page.picture(left, top, shown, shown, cut.crop)
    for number, line in enumerate(cut.lines):
        page.text(left, top + shown + 20 + number * _LINE, line, colour=page.palette.quiet)


def _draw_axes(page: Page, top: float, axes: Sequence[Axis]) -> None:
    width = _WIDE - 3 * _MARGIN - _CLOUD
    for number, axis in enumerate(axes):
        y = top + number * 72
        page.text(_MARGIN, y + 12, axis.name)
        page.text(_MARGIN + width, y + 12, axis.value, align="right", width=width * 0.7)
        cell = width / len(axis.swatches)
        for place, colour in enumerate(axis.swatches):
            page.rectangle(_MARGIN + place * cell, y + 18, cell, _SWATCH, _hex(colour))
        page.text(_MARGIN, y + 50, axis.note, colour=page.palette.quiet, size=8)


def _draw_cloud(page: Page, top: float, cloud: Cloud) -> None:
    axes: Any = page.axes(_WIDE - _MARGIN - _CLOUD, top, _CLOUD, _CLOUD)
    axes.set_axis_off()
    reach = max(1e-6, float(np.abs(cloud.places).max(initial=0.0))) * 1.05
    axes.set_xlim(-reach, reach)
    axes.set_ylim(-reach, reach)
    colours = np.broadcast_to(cloud.colours, (len(cloud.colours), 3)) / 255.0
    axes.scatter(*cloud.places.T, s=3, c=colours, linewidths=0)
    first, second = cloud.deviations
    for x, y in ((first, 0.0), (0.0, second)):
        axes.plot((0.0, x), (0.0, y), color=page.palette.accent, linewidth=1.5)


def _draw_strips(page: Page, top: float, axes: Sequence[Axis], noise: str) -> None:
    page.text(_MARGIN, top + 12, noise, size=8, colour=page.palette.quiet)
    for number, axis in enumerate(axes):
        y = top + _LINE + number * (_CELL + 24)
        page.text(_MARGIN, y + 12, axis.name, width=64)
        for place, picture in enumerate(() if axis.strip is None else axis.strip):
            x = _MARGIN + 72 + place * (_CELL + 4)
            page.picture(x, y, _CELL, _CELL, picture)
            page.text(x, y + _CELL + 12, _ALPHAS[place], size=8, colour=page.palette.quiet)


def _hex(colour: Pixels) -> str:
    levels = colour.tolist()
    red, green, blue = levels if len(levels) == 3 else levels * 3
    return f"#{red:02x}{green:02x}{blue:02x}"
