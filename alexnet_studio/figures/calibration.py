"""Whether a network is right as often as it is sure, and how many images it is sure enough of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette
from alexnet_studio.figures.plot import Curve, rule

_MARGIN, _TOP, _SIDE, _GAP = 64, 84, 340, 88
_TICKS = (0, 0.25, 0.5, 0.75, 1)


def calibration(
    bins: Sequence[tuple[float, float, float | None]],
    curve: Curve,
    *,
    title: str = "",
    sure: str = "how sure (most probable class)",
    right: str = "share that is right",
    covered: str = "share of images that are answered",
    palette: Palette = LIGHT,
) -> Figure:
    """`bins` are (low, high, share that is right, or None for no images); `curve` is the accuracy over the share of
    images that are answered when the least sure ones are left.
    """
    page = Page(2 * (_MARGIN + _SIDE) + _GAP, _TOP + _SIDE + 72, palette)
    page.text(24, 38, title, size=11, bold=True)
    _panel(page, _MARGIN, sure, right)
    for low, high, share in bins:
        if share is not None:
            x, wide = _MARGIN + low * _SIDE, (high - low) * _SIDE
            page.rectangle(
                x + 1, _TOP + (1 - share) * _SIDE, wide - 2, max(1.0, share * _SIDE), palette.accent_weak
            )
    corners = ((_MARGIN, float(_TOP + _SIDE)), (float(_MARGIN + _SIDE), float(_TOP)))
    page.line(corners, palette.quiet, 1)
    axes = _panel(page, _MARGIN + _SIDE + _GAP, covered, right)
    axes.plot(*curve, color=palette.accent, linewidth=1.6, marker="o" if len(curve[0]) == 1 else "")
    return page.figure


def _panel(page: Page, left: float, below: str, above: str) -> Any:
    axes = page.axes(left, _TOP, _SIDE, _SIDE)
    # Behind the bars, which lie on the page itself.
    axes.set_zorder(2)
    axes.patch.set_alpha(0)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_ticks(_TICKS)
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol=" %"))
    rule(axes, page)
    page.text(left, _TOP - 14, above, size=8, colour=page.palette.quiet)
    page.text(left + _SIDE / 2, _TOP + _SIDE + 46, below, size=8, colour=page.palette.quiet, align="center")
    return axes
