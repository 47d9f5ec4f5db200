"""Axes for curves, in the window's quiet look: horizontal lines, no frame, small grey numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.ticker import MaxNLocator, PercentFormatter, StrMethodFormatter
from numpy.typing import NDArray

from alexnet_studio.figures.page import Page

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]  # x and y; y may hold NaN where there is a gap


def rule(axes: Any, page: Page) -> None:
    """Grid lines across, behind what is drawn, and numbers without marks in the page's letters."""
    axes.grid(axis="y", color=page.palette.grid, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(
        length=0,
        pad=6,
        labelsize=8,
        labelcolor=page.palette.quiet,
        labelfontfamily=list(page.lettering.families),
    )


class Plot:
    """An area of a `Page` with x from 0 to `last` steps."""

    def __init__(self, page: Page, x: float, y: float, width: float, height: float, *, last: float) -> None:
        axes: Any = page.axes(x, y, width, height)
        axes.set_xlim(0, max(last, 1.0))
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        rule(axes, page)
        self._axes = axes

    def curve(self, curve: Curve, colour: str, thickness: float) -> None:
        """Nothing for no points; a dot for a single one, which a line would not show."""
        if len(curve[0]):
            marker = "o" if len(curve[0]) == 1 else ""
            self._axes.plot(*curve, color=colour, linewidth=thickness, marker=marker, markersize=4)

    def values_to(self, top: float) -> None:
        self._axes.set_ylim(0, top)

    def shares(self) -> None:
        """y from 0 to 1, printed as per cent."""
        self._axes.set_ylim(0, 1)
        self._axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
