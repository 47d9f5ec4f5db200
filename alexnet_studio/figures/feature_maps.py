"""What the layers of a network answer to one image: maps in rows, or bars where there is no place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette

_MARGIN, _WIDTH, _GAP, _TOP, _BARS, _IMAGE = 24, 800, 2, 64, 60, 128
_COLUMNS = 16


@dataclass(frozen=True, slots=True)
class LayerAnswer:
    """`maps` (n, h, w) uint8 are pictures of some channels; without spatial extent `bars` (n,) are values instead."""

    title: str
    note: str
    maps: NDArray[np.uint8] | None = None
    bars: NDArray[np.float32] | None = None


def feature_maps(
    image: NDArray[np.uint8], answers: Sequence[LayerAnswer], *, title: str = "", palette: Palette = LIGHT
) -> Figure:
    """`image` (S, S, C) as the network was given it, then a block for each layer."""
    heights = [_height(answer) for answer in answers]
    page = Page(
        _WIDTH + 2 * _MARGIN, _TOP + _IMAGE + sum(40 + height for height in heights) + _MARGIN, palette
    )
    page.text(_MARGIN, 38, title, size=11, bold=True)
    page.picture(_MARGIN, _TOP, _IMAGE, _IMAGE, image)
    top = float(_TOP + _IMAGE)
    for answer, height in zip(answers, heights, strict=True):
        page.text(_MARGIN, top + 26, answer.title, size=9.5)
        page.text(page.width - _MARGIN, top + 26, answer.note, colour=palette.quiet, align="right")
        if answer.maps is not None:
            _draw_maps(page, top + 36, answer.maps)
        elif answer.bars is not None:
            _draw_bars(page, top + 36, answer.bars)
        top += 40 + height
    return page.figure


def _columns(maps: NDArray[np.uint8]) -> int:
    return _COLUMNS if len(maps) > 8 else 8


def _height(answer: LayerAnswer) -> float:
    if answer.maps is None:
        return _BARS
    columns = _columns(answer.maps)
    return -(-len(answer.maps) // columns) * (_WIDTH + _GAP) / columns


def _draw_maps(page: Page, top: float, maps: NDArray[np.uint8]) -> None:
    """One picture for all: a hundred axes of their own would take seconds to draw."""
    columns = _columns(maps)
    rows = -(-len(maps) // columns)
    pitch = (_WIDTH + _GAP) / columns
    cell = max(2, round(2 * (pitch - _GAP)))  # two pixels for one of the page, as the file has
    gap = 2 * _GAP
    paper = int(page.palette.paper[1:3], 16)
    sheet = np.full((rows * (cell + gap) - gap, columns * (cell + gap) - gap), paper, np.uint8)
    for number, one in enumerate(maps):
        y, x = (place * (cell + gap) for place in divmod(number, columns))
        pick = [np.arange(cell) * side // cell for side in one.shape]
        sheet[y : y + cell, x : x + cell] = one[np.ix_(*pick)]
    page.picture(_MARGIN, top, _WIDTH, rows * pitch - _GAP, sheet)


def _draw_bars(page: Page, top: float, values: NDArray[np.float32]) -> None:
    """As many bars as there is room for; of the values that share one the furthest from zero is seen."""
    reach = float(np.abs(values).max(initial=0.0)) or 1.0
    low = min(0.0, float(values.min(initial=0.0)))
    spread = (max(0.0, float(values.max(initial=0.0))) - low) or reach
    zero = top + _BARS * (1 + low / spread)
    groups = np.array_split(values, min(len(values), _WIDTH // 2))
    width = _WIDTH / len(groups)
    for number, group in enumerate(groups):
        value = float(group[np.abs(group).argmax()])
        height = _BARS * abs(value) / spread
        if height >= 0.25:
            y = zero - height if value > 0 else zero
            page.rectangle(_MARGIN + number * width, y, max(1.0, width * 0.8), height, page.palette.accent)
    page.line(((_MARGIN, zero), (_MARGIN + _WIDTH, zero)), page.palette.grid, 0.75)
