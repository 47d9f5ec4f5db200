"""The nine strongest patches of units, one row a unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette

_MARGIN, _TOP, _SIDE, _GAP, _NAME, _CAPTION = 24, 56, 72, 8, 96, 16
_SHARP = 2  # pixels of the file for one of the page


@dataclass(frozen=True, slots=True)
class UnitRow:
    """`patches` (h, w, C) uint8, the strongest first, each with its value below."""

    name: str
    patches: tuple[NDArray[np.uint8], ...]
    captions: tuple[str, ...]


def strongest(rows: Sequence[UnitRow], *, title: str = "", palette: Palette = LIGHT) -> Figure:
    columns = max((len(row.patches) for row in rows), default=1)
    pitch = _SIDE + _GAP + _CAPTION
    page = Page(
        max(480, 2 * _MARGIN + _NAME + columns * (_SIDE + _GAP)), _TOP + len(rows) * pitch + _MARGIN, palette
    )
    page.text(_MARGIN, 38, title, size=11, bold=True)
    for number, row in enumerate(rows):
        top = float(_TOP + number * pitch)
        page.text(_MARGIN, top + _SIDE / 2 + 4, row.name, size=8.5, width=_NAME - _GAP)
        page.picture(
            _MARGIN + _NAME, top, len(row.patches) * (_SIDE + _GAP) - _GAP, _SIDE, _sheet(row, palette)
        )
        for place, caption in enumerate(row.captions):
            left = _MARGIN + _NAME + place * (_SIDE + _GAP)
            page.text(left, top + _SIDE + 11, caption, size=7, colour=palette.quiet, width=_SIDE)
    return page.figure


def _sheet(row: UnitRow, palette: Palette) -> NDArray[np.uint8]:
    """The patches beside each other, in their own proportions: one that was cut at the image's border is no square.

    One picture for all: hundreds of axes of their own would take many seconds to draw.
    """
    side, gap = _SHARP * _SIDE, _SHARP * _GAP
    paper = [int(palette.paper[place : place + 2], 16) for place in (1, 3, 5)]
    sheet = np.empty((side, max(1, len(row.patches) * (side + gap) - gap), 3), np.uint8)
    sheet[:] = paper
    for place, patch in enumerate(row.patches):
        scale = side / max(patch.shape[:2])
        height, width = (max(1, round(length * scale)) for length in patch.shape[:2])
        rows, columns = (
            np.arange(shown) * own // shown
            for shown, own in zip((height, width), patch.shape[:2], strict=True)
        )
        top, left = (side - height) // 2, place * (side + gap) + (side - width) // 2
        sheet[top : top + height, left : left + width] = patch[rows[:, None], columns]
    return sheet
