"""The first convolution's kernels, one block a tower (Fig. 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette

_MARGIN, _WIDEST = 24, 800


@dataclass(frozen=True, slots=True)
class Block:
    """One tower: `picture` (height, width, 3) uint8 is its kernels in rows of 16, one pixel a weight."""

    title: str
    note: str
    picture: NDArray[np.uint8]


def kernels(blocks: Sequence[Block], *, title: str = "", palette: Palette = LIGHT) -> Figure:
    """The blocks below each other, enlarged by the same whole number, so that weights stay squares."""
    widest = max((block.picture.shape[1] for block in blocks), default=1)
    zoom = max(1, _WIDEST // widest)
    top = 64.0
    height = top + sum(32 + zoom * block.picture.shape[0] + 28 for block in blocks)
    page = Page(max(360, 2 * _MARGIN + zoom * widest), height, palette)
    page.text(_MARGIN, 38, title, size=11, bold=True)
    for block in blocks:
        page.text(_MARGIN, top + 14, block.title, size=9.5)
        page.text(page.width - _MARGIN, top + 14, block.note, colour=palette.quiet, align="right")
        shown = block.picture.shape[0] * zoom, block.picture.shape[1] * zoom
        page.picture(_MARGIN, top + 28, shown[1], shown[0], block.picture)
        top += 32 + shown[0] + 28
    return page.figure
