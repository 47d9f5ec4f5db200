"""A confusion matrix: a row for each true class, a column for what it was taken for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alexnet_studio.figures.matrix_shades import shades
from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette

_MARGIN, _TOP, _SIDE, _NAMES = 24, 92, 640, 150
_NAMED, _COUNTED = 60, 24  # so many classes can be written beside it, and so many counts into it


def confusion(
    cells: NDArray[np.int64],
    classes: Sequence[str],
    *,
    title: str = "",
    truth: str = "true class",
    guess: str = "taken for",
    palette: Palette = LIGHT,
) -> Figure:
    """`cells` (classes, classes): images of the row's class that were taken for the column's."""
    count = len(classes)
    named = count <= _NAMED
    left = _MARGIN + (_NAMES if named else 24)
    side = max(_SIDE, 18 * count) if named else _SIDE
    # As names are written: names below stand in rows of their own, by their number.
    page = Page(left + side + _MARGIN + 24, _TOP + side + 56, palette)
    page.text(_MARGIN, 38, title, size=11, bold=True)
    page.text(_MARGIN, _TOP - 12, truth, colour=palette.quiet)
    page.text(left + side / 2, _TOP + side + 40, guess, colour=palette.quiet, align="center")
    page.picture(left, _TOP, side, side, shades(cells, palette.paper, palette.agrees, palette.differs))
    _frame(page, left, side)
    step = side / count
    if named:
        for number, name in enumerate(classes):
            y = _TOP + (number + 0.5) * step + 4
            page.text(left - 22, y, name, size=8, align="right", width=_NAMES - 26)
            page.text(left - 4, y, str(number + 1), size=6, colour=palette.quiet, align="right")
            x = left + (number + 0.5) * step
            page.text(x, _TOP + side + 16, str(number + 1), size=7, colour=palette.quiet, align="center")
    if count <= _COUNTED:
        _counts(page, cells, left, step)
    return page.figure


def _counts(page: Page, cells: NDArray[np.int64], left: float, step: float) -> None:
    totals = np.maximum(cells.sum(axis=1), 1)
    for row, column in zip(*np.nonzero(cells), strict=True):
        strong = cells[row, column] / totals[row] > 0.35
        page.text(
            left + (column + 0.5) * step,
            _TOP + (row + 0.5) * step + 4,
            f"{cells[row, column]:,}",
            size=7,
            colour=page.palette.paper if strong else page.palette.text,
            align="center",
        )


def _frame(page: Page, left: float, side: float) -> None:
    corners = ((left, _TOP), (left + side, _TOP), (left + side, _TOP + side), (left, _TOP + side))
    page.polygon(corners, edge=page.palette.grid)
