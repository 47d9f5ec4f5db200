"""The drawing of a network as rectangles and links, in units of the drawing; no toolkit, no torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """A layer, or one tower of it, as a solid: its front face and the slant `depth`.

    Towers count from 1; 0 spans all.
    """

    layer: str
    tower: int
    x: float
    y: float
    width: float
    height: float
    depth: float


@dataclass(frozen=True, slots=True)
class Link:
    """A connection into `layer`; `crosses` marks one between two towers."""

    x0: float
    y0: float
    x1: float
    y1: float
    layer: str
    crosses: bool


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str
    layer: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    labels: tuple[Label, ...]
    width: float
    height: float
