"""The drawing of a network (Fig. 2): solids for maps, bars for neurons, links between towers in the accent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from matplotlib.figure import Figure

from alexnet_studio.figures.page import Page, Point
from alexnet_studio.figures.palette import LIGHT, Palette

_MARGIN, _TOP, _WIDTH = 24, 64, 980
_RISE = 0.6  # of a back face above its front face, for each unit to the right
_CENTRE = 3.2  # from a text's middle down to its baseline, at the size of the labels


class Solid(Protocol):
    """(x, y): the front face's left upper corner, y growing downwards. The back lies `depth` to the right."""

    @property
    def layer(self) -> str: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...
    @property
    def depth(self) -> float: ...


class Connection(Protocol):
    @property
    def x0(self) -> float: ...
    @property
    def y0(self) -> float: ...
    @property
    def x1(self) -> float: ...
    @property
    def y1(self) -> float: ...
    @property
    def crosses(self) -> bool: ...


class Caption(Protocol):
    """Centred on (x, y)."""

    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...
    @property
    def text(self) -> str: ...


class Drawing(Protocol):
    """What `networks.drawing.draw` makes, known here by its shape alone; later solids hide earlier ones."""

    @property
    def boxes(self) -> Sequence[Solid]: ...
    @property
    def links(self) -> Sequence[Connection]: ...
    @property
    def labels(self) -> Sequence[Caption]: ...
    @property
    def width(self) -> float: ...
    @property
    def height(self) -> float: ...


def network(
    drawing: Drawing,
    *,
    title: str = "",
    caption: str = "",
    highlight: str | None = None,
    palette: Palette = LIGHT,
) -> Figure:
    """The drawing at a width of 980 pixels over `caption`; the layer `highlight` is filled."""
    scale = _WIDTH / drawing.width
    height = _TOP + drawing.height * scale + (_MARGIN if not caption else 2 * _MARGIN)
    page = Page(_WIDTH + 2 * _MARGIN, height, palette)
    page.text(_MARGIN, 38, title, size=11, bold=True)
    page.text(_MARGIN, height - 16, caption, size=7.5, colour=palette.quiet)

    def at(x: float, y: float) -> Point:
        return _MARGIN + x * scale, _TOP + y * scale

    for link in drawing.links:
        colour, thickness = (palette.accent, 1.2) if link.crosses else (palette.accent_weak, 0.8)
        page.line((at(link.x0, link.y0), at(link.x1, link.y1)), colour, thickness)
    for box in drawing.boxes:
        lit = box.layer == highlight
        for face in _faces(box):
            corners = tuple(at(x, y) for x, y in face)
            fill = palette.accent_soft if lit else palette.paper
            page.polygon(corners, face=fill, edge=palette.accent if lit else palette.quiet, thickness=0.9)
    for label in drawing.labels:
        x, y = at(label.x, label.y)
        page.text(x, y + _CENTRE, label.text, size=7.5, colour=palette.quiet, align="center")
    return page.figure


def _faces(box: Solid) -> tuple[tuple[Point, ...], ...]:
    """Top, right and front face, in the order to paint them; a flat one has only its front."""
    x0, y0, x1, y1 = box.x, box.y, box.x + box.width, box.y + box.height
    right, up = box.depth, box.depth * _RISE
    front = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    if box.depth <= 0:
        return (front,)
    top = ((x0, y0), (x0 + right, y0 - up), (x1 + right, y0 - up), (x1, y0))
    side = ((x1, y0), (x1 + right, y0 - up), (x1 + right, y1 - up), (x1, y1))
    return top, side, front
