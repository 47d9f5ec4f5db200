"""Pictures of one size in rows, each with its name below."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette

_MARGIN, _TOP, _SIDE, _GAP, _NAME, _COLUMNS = 24, 64, 112, 12, 22, 8


def picture_sheet(
    pictures: NDArray[np.uint8], names: Sequence[str], *, title: str = "", palette: Palette = LIGHT
) -> Figure:
    """(N, S, S, C), eight in a row."""
    rows = max(1, -(-len(pictures) // _COLUMNS))
    step = _SIDE + _GAP
    page = Page(2 * _MARGIN + _COLUMNS * step - _GAP, _TOP + rows * (step + _NAME) + _MARGIN - _GAP, palette)
    page.text(_MARGIN, 38, title, size=11, bold=True)
    for number, (picture, name) in enumerate(zip(pictures, names, strict=True)):
        x = _MARGIN + number % _COLUMNS * step
        y = _TOP + number // _COLUMNS * (step + _NAME)
        page.picture(x, y, _SIDE, _SIDE, picture)
        page.text(x, y + _SIDE + 14, name, size=8, colour=palette.quiet, width=_SIDE)
    return page.figure
