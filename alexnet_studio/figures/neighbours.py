"""A sheet of queries (Fig. 4): the image, its most probable classes, and its nearest training images, below them what
other ways of looking find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from alexnet_studio.figures.page import Page
from alexnet_studio.figures.palette import LIGHT, Palette
from alexnet_studio.figures.words import ENGLISH, Words

Pixels = NDArray[np.uint8]  # (height, width), (height, width, 1) or (height, width, 3)

_MARGIN, _TOP, _ROW = 24, 96, 150
_SAID = 24  # above a row that has to be told from others
_QUERY, _NEAR, _GAP = 104, 88, 12
_BARS_LEFT, _NAME, _BAR = _MARGIN + _QUERY + 24, 112, 96
_NEAR_LEFT = _BARS_LEFT + _NAME + _BAR + 72


@dataclass(frozen=True, slots=True)
class Bar:
    """One class with its probability in 0..1; `right` is None where the true class is not known."""

    name: str
    share: float
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """A training image. `pixels` is None without a thumbnail, `agrees` None without a class to compare; `note` is what
    is special about it.
    """

    pixels: Pixels | None
    name: str
    distance: float
    agrees: bool | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """What another way of looking found; `said`: which way, and how good."""

    said: str
    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One query. `caption` is its true class, or its file's name; `said` stands above `near` where others are
    `beside` them.
    """

    pixels: Pixels
    caption: str
    bars: tuple[Bar, ...]
    near: tuple[Near, ...]
    said: str = ""
    beside: tuple[Row, ...] = ()

    @property
    def height(self) -> float:
        return (1 + len(self.beside)) * (_ROW + _SAID) if self.beside else _ROW


def neighbours(
    answers: Sequence[Answer], *, title: str = "", words: Words = ENGLISH, palette: Palette = LIGHT
) -> Figure:
    """One row a query and a way of looking. Agreement is a tick or a cross as well as a colour."""
    rows = (near for answer in answers for near in (answer.near, *(row.near for row in answer.beside)))
    widest = max(map(len, rows), default=0)
    width = max(640.0, _NEAR_LEFT + widest * (_NEAR + _GAP) - _GAP + _MARGIN)
    page = Page(width, _TOP + (sum(answer.height for answer in answers) or _ROW), palette)
    words = page.lettering.words(words)
    page.text(_MARGIN, 38, title, size=11, bold=True)
    for x, word in ((_MARGIN, words.query), (_BARS_LEFT, words.probable), (_NEAR_LEFT, words.nearest)):
        page.text(x, _TOP - 16, word, colour=palette.quiet)
    top = float(_TOP)
    for answer in answers:
        _answer(page, top, answer)
        top += answer.height
    return page.figure


def _answer(page: Page, top: float, answer: Answer) -> None:
    if not answer.beside:
        _row(page, top, answer.near)
    else:
        for number, row in enumerate((Row(answer.said, answer.near), *answer.beside)):
            place = top + number * (_ROW + _SAID)
            page.text(_NEAR_LEFT, place + 12, row.said, colour=page.palette.quiet)
            _row(page, place + _SAID, row.near)
        top += _SAID  # the image stands beside the first row's pictures
    _thumbnail(page, _MARGIN, top, _QUERY, answer.pixels)
    page.text(_MARGIN, top + _QUERY + 17, answer.caption, width=_QUERY)
    unknown = all(bar.right is None for bar in answer.bars)
    for number, bar in enumerate(answer.bars):
        _bar(page, top + 12 + number * 22, bar, strong=number == 0 if unknown else bar.right is True)


def _row(page: Page, top: float, found: Sequence[Near]) -> None:
    distances = _printed([near.distance for near in found])
    for number, (near, distance) in enumerate(zip(found, distances, strict=True)):
        _near(page, _NEAR_LEFT + number * (_NEAR + _GAP), top, near, distance)


def _bar(page: Page, baseline: float, bar: Bar, *, strong: bool) -> None:
    """As in the paper the right class stands out, and where that is not known the most probable one."""
    page.text(_BARS_LEFT, baseline, bar.name, bold=bar.right is True, width=_NAME - 10)
    colour = page.palette.accent if strong else page.palette.accent_weak
    left = _BARS_LEFT + _NAME
    page.rectangle(left, baseline - 9, max(1.0, bar.share * _BAR), 9, colour)
    page.text(
        left + _BAR + 44, baseline, f"{100 * bar.share:.0f} %", colour=page.palette.quiet, align="right"
    )


def _near(page: Page, left: float, top: float, near: Near, distance: str) -> None:
    if near.pixels is None:
        page.rectangle(left, top, _NEAR, _NEAR, page.palette.grid)
    else:
        _thumbnail(page, left, top, _NEAR, near.pixels)
    page.text(left, top + _NEAR + 17, distance, width=_NEAR)
    mark, colour = _marks(page.palette)[near.agrees]
    page.text(left, top + _NEAR + 33, f"{mark}{near.name}", colour=colour, width=_NEAR)
    if near.note:
        page.text(left, top + _NEAR + 49, near.note, colour=page.palette.quiet, width=_NEAR)


def _printed(distances: Sequence[float]) -> list[str]:
    """With the same number of decimals in a row, chosen for its largest: they are read against each other."""
    largest = max(distances, default=0.0)
    decimals = 0 if largest >= 1000 else 1 if largest >= 10 else 3
    return [f"{distance:,.{decimals}f}" for distance in distances]


def _marks(palette: Palette) -> dict[bool | None, tuple[str, str]]:
    return {True: ("✓ ", palette.agrees), False: ("✗ ", palette.differs), None: ("", palette.quiet)}


def _thumbnail(page: Page, left: float, top: float, side: float, pixels: Pixels) -> None:
    """Fitted into a square, its proportions kept."""
    height, width = pixels.shape[:2]
    scale = side / max(height, width)
    page.picture(left, top, width * scale, height * scale, pixels)
