"""Images as points of the plane, in the colour and the shape of their class."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette

_MARGIN, _TOP, _SIDE, _LEGEND, _LINE = 24, 60, 640, 176, 19
_SHAPES = "oDs^P"  # as on the screen: disc, diamond, square, triangle, cross
_CLASSES_TOLD = 32


def feature_map(
    places: NDArray[np.float32],
    classes: Sequence[str],
    order: Sequence[str],
    *,
    title: str = "",
    more: str = "and {count} more",
    mistaken: NDArray[np.bool_] | None = None,
    palette: Palette = LIGHT,
) -> Figure:
    """`places` (n, 2) with a class each; `order` says which class has which colour. Both axes have one scale.

    `mistaken` (n,) points have an outline and lie above the others. Classes without a point are not listed.
    """
    page = Page(2 * _MARGIN + _SIDE + _LEGEND, _TOP + _SIDE + _MARGIN, palette)
    page.text(_MARGIN, 38, title, size=11, bold=True)
    axes: Any = page.axes(_MARGIN, _TOP, _SIDE, _SIDE)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_aspect("equal", adjustable="datalim")
    names = np.array(classes, dtype=object)
    size = 6 if len(places) > 20_000 else 12 if len(places) > 2_000 else 24
    marks: Any = page.axes(_MARGIN + _SIDE + 16, _TOP, 12, _SIDE)
    marks.set_axis_off()
    marks.set_xlim(0, 12)
    marks.set_ylim(_SIDE, 0)
    drawn = [number for number, name in enumerate(order) if (names == name).any()]
    for line, number in enumerate(drawn):
        look = {
            "marker": _SHAPES[number % len(_SHAPES)],
            "color": palette.runs[number % len(palette.runs)],
            "linewidths": 0,
        }
        own = names == order[number]
        for chosen, outline in _layers(own, mistaken):
            edge = {"linewidths": 0.9, "edgecolors": palette.text, "zorder": 3} if outline else {}
            axes.scatter(places[chosen, 0], places[chosen, 1], s=size, **{**look, **edge})
        if line < _CLASSES_TOLD:
            down = 9 + line * _LINE
            marks.scatter([6], [down], s=28, clip_on=False, **look)
            page.text(_MARGIN + _SIDE + 36, _TOP + down + 4, order[number], width=_LEGEND - 24)
    if len(drawn) > _CLASSES_TOLD:
        rest = more.format(count=f"{len(drawn) - _CLASSES_TOLD:,}")
        page.text(_MARGIN + _SIDE + 36, _TOP + 13 + _CLASSES_TOLD * _LINE, rest, colour=palette.quiet)
    return page.figure


def _layers(
    own: NDArray[np.bool_], mistaken: NDArray[np.bool_] | None
) -> list[tuple[NDArray[np.bool_], bool]]:
    """Which points, and whether with an outline."""
    return [(own, False)] if mistaken is None else [(own & ~mistaken, False), (own & mistaken, True)]
