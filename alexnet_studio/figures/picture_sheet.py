"""Pictures of one size in rows, each with its name below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette

_MARGIN, _TOP, _GAP, _NAME, _WIDTH = 24, 64, 12, 22, 992


def picture_sheet(
    pictures: NDArray[np.uint8],
    names: Sequence[str],
    *,
    title: str = "",
    side: int = 112,
    palette: Palette = LIGHT,
) -> Figure:
    """(N, S, S, C) at `side` pixels each, as many in a row as there is room for."""
    columns = _WIDTH // (side + _GAP)
    rows = max(1, -(-len(pictures) // columns))
    step = side + _GAP
    page = Page(2 * _MARGIN + columns * step - _GAP, _TOP + rows * (step + _NAME) + _MARGIN - _GAP, palette)
    page.text(_MARGIN, 38, title, size=11, bold=True)
    for number, (picture, name) in enumerate(zip(pictures, names, strict=True)):
        x = _MARGIN + number % columns * step
        y = _TOP + number // columns * (step + _NAME)
        page.picture(x, y, side, side, picture)
        page.text(x, y + side + 14, name, size=8, colour=palette.quiet, width=side)
    return page.figure
