"""Networks timed side by side: a bar for the forward pass and one for a whole step, with their milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette

_MARGIN, _NAMES, _WIDTH, _ROW, _BAR = 24, 150, 460, 44, 13


class Timed(NamedTuple):
    """Shares of the slowest step in 0..1, and what is written behind the bars."""

    network: str
    forward: float
    step: float
    forward_text: str
    step_text: str


def timings(
    rows: Sequence[Timed],
    *,
    title: str = "",
    forward: str = "forward, ms",
    step: str = "forward and backward, ms",
    palette: Palette = LIGHT,
) -> Figure:
    page = Page(_MARGIN + _NAMES + _WIDTH + 130, 96 + len(rows) * _ROW + _MARGIN, palette)
    page.text(_MARGIN, 38, title, size=11, bold=True)
    for place, (colour, text) in enumerate(((palette.accent_weak, forward), (palette.accent, step))):
        x = _MARGIN + _NAMES + place * 170.0
        page.rectangle(x, 60, 16, 9, colour)
        page.text(x + 22, 68, text, size=8, colour=palette.quiet)
    for place, row in enumerate(rows):
        y = 90.0 + place * _ROW
        page.text(_MARGIN, y + 17, row.network, width=_NAMES - 12)
        bars = (
            (row.forward, palette.accent_weak, row.forward_text),
            (row.step, palette.accent, row.step_text),
        )
        for line, (share, colour, text) in enumerate(bars):
            top = y + line * (_BAR + 3)
            length = max(1.0, share * _WIDTH)
            page.rectangle(_MARGIN + _NAMES, top, length, _BAR, colour)
            page.text(_MARGIN + _NAMES + length + 8, top + 10, text, size=8, colour=palette.quiet)
    return page.figure
