"""The drawings sample: stripes, checks, rings, dots and gradients in grey and in colours.

Each class can be told by orientation, by frequency, by pattern or by colour, so that a first convolution has
to learn oriented and coloured kernels. Classes stay what they are when mirrored, as training mirrors images.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground import seeds

SIDE_PX = 80

Field = NDArray[np.float64]  # (SIDE_PX, SIDE_PX), 0 where the first colour shows and 1 where the second does
Random = np.random.Generator
Colour = tuple[float, float, float]  # RGB, 0..1

_INK: Colour = (0.10, 0.10, 0.12)
_PAPER: Colour = (0.93, 0.93, 0.91)
_RED: Colour = (0.86, 0.16, 0.18)
_GREEN: Colour = (0.12, 0.60, 0.30)
_BLUE: Colour = (0.13, 0.33, 0.80)
_YELLOW: Colour = (0.98, 0.80, 0.18)
_ORANGE: Colour = (0.96, 0.50, 0.10)
_TEAL: Colour = (0.05, 0.62, 0.65)
_VIOLET: Colour = (0.50, 0.22, 0.66)
_CREAM: Colour = (0.98, 0.94, 0.84)
_AQUA: Colour = (0.50, 0.90, 0.85)


@dataclass(frozen=True, slots=True)
class Drawing:
    """One class: a pattern between two colours."""

    name: str
    pattern: Callable[[Random], Field]
    colours: tuple[Colour, Colour]


def render(drawing: Drawing, number: int) -> NDArray[np.uint8]:
    """(SIDE_PX, SIDE_PX, 3). The same drawing and number give the same pixels."""
    random = seeds.generator("drawing", drawing.name, number)
    share = drawing.pattern(random)
    first, second = (_varied(colour, random)[:, np.newaxis, np.newaxis] for colour in drawing.colours)
    contrast = random.uniform(0.55, 1.0)
    # Plane by plane (3, SIDE_PX, SIDE_PX): numpy is slow where the innermost axis holds three numbers.
    image = (first + second) / 2 + (second - first) * (contrast * (share - 0.5))
    image *= _light(random)
    image += random.normal(0, random.uniform(0.01, 0.05), share.shape)
    planes = np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)
    return np.ascontiguousarray(planes.transpose(1, 2, 0))


def _varied(colour: Colour, random: Random) -> NDArray[np.float64]:
    # Grey stays grey: a common shift; colours also shift a little each way.
    grey = max(colour) - min(colour) < 0.05
    return np.array(colour) + random.normal(0, 0.03) + (0.0 if grey else random.normal(0, 0.03, 3))


def _light(random: Random) -> Field:
    """Uneven light, from one side."""
    across = _across(random.uniform(0, 360)) / SIDE_PX
    return random.uniform(0.85, 1.05) + random.uniform(0, 0.3) * across


def _across(degrees: float) -> Field:
    """Distance in pixels from a line through the centre; the line's normal has this angle."""
    steps = np.arange(SIDE_PX) - (SIDE_PX - 1) / 2
    angle = np.deg2rad(degrees)
    return steps * np.cos(angle) + (steps * np.sin(angle))[:, np.newaxis]


def _edges(wave: Field, period_px: float) -> Field:
    """A sine wave made into bands whose edges are about a pixel wide."""
    return 0.5 + 0.5 * np.tanh(wave * period_px / 4)


def _wave(random: Random, degrees: float, period_px: float) -> Field:
    phase = random.uniform(0, 2 * np.pi)
    return np.sin(_across(degrees) * (2 * np.pi / period_px) + phase)


def _stripes(degrees: float, low_px: float = 8, high_px: float = 14) -> Callable[[Random], Field]:
    def pattern(random: Random) -> Field:
        period_px = random.uniform(low_px, high_px)
        side = random.choice((-1, 1))
        return _edges(_wave(random, side * degrees + random.normal(0, 4), period_px), period_px)

    return pattern


def _any_stripes(low_px: float, high_px: float) -> Callable[[Random], Field]:
    def pattern(random: Random) -> Field:
        return _stripes(random.uniform(0, 180), low_px, high_px)(random)

    return pattern


def _checks(random: Random) -> Field:
    period_px = random.uniform(16, 26)
    tilt = random.normal(0, 4)
    product = _wave(random, tilt, period_px) * _wave(random, tilt + 90, period_px)
    return _edges(2 * product, period_px)


def _distance(x_px: float, y_px: float) -> Field:
    steps = np.arange(SIDE_PX)
    return np.sqrt((steps - x_px) ** 2 + ((steps - y_px) ** 2)[:, np.newaxis])


def _rings(random: Random) -> Field:
    x_px, y_px = random.uniform(0.3, 0.7, 2) * SIDE_PX
    period_px = random.uniform(9, 15)
    wave = np.sin(_distance(x_px, y_px) * (2 * np.pi / period_px) + random.uniform(0, 2 * np.pi))
    return _edges(wave, period_px)


def _dots(random: Random) -> Field:
    outside_px = np.full((SIDE_PX, SIDE_PX), np.inf)  # how far the nearest dot's edge is
    pitch_px = random.uniform(16, 24)
    start = random.uniform(-pitch_px, 0, 2)
    for column in np.arange(start[0], SIDE_PX + pitch_px, pitch_px):
        for row in np.arange(start[1], SIDE_PX + pitch_px, pitch_px):
            x_px, y_px = random.normal((column, row), pitch_px / 12)
            radius_px = pitch_px * random.uniform(0.2, 0.36)
            np.minimum(outside_px, _distance(x_px, y_px) - radius_px, out=outside_px)
    return np.clip(0.5 - outside_px, 0, 1)


def _gradient(random: Random) -> Field:
    across = _across(random.uniform(0, 360)) / (SIDE_PX * random.uniform(0.8, 1.2))
    return np.clip(0.5 + across, 0, 1)


DRAWINGS: tuple[Drawing, ...] = (
    Drawing("grey-upright-stripes", _stripes(0), (_INK, _PAPER)),
    Drawing("grey-level-stripes", _stripes(90), (_INK, _PAPER)),
    Drawing("grey-slanted-stripes", _stripes(45), (_INK, _PAPER)),
    Drawing("grey-fine-stripes", _any_stripes(3.5, 5), (_INK, _PAPER)),
    Drawing("red-green-stripes", _any_stripes(8, 14), (_RED, _GREEN)),
    Drawing("blue-yellow-stripes", _any_stripes(8, 14), (_BLUE, _YELLOW)),
    Drawing("grey-checks", _checks, (_INK, _PAPER)),
    Drawing("orange-teal-checks", _checks, (_ORANGE, _TEAL)),
    Drawing("grey-rings", _rings, (_INK, _PAPER)),
    Drawing("violet-yellow-rings", _rings, (_VIOLET, _YELLOW)),
    Drawing("red-dots", _dots, (_CREAM, _RED)),
    Drawing("blue-dots", _dots, (_CREAM, _BLUE)),
    Drawing("warm-gradient", _gradient, (_RED, _YELLOW)),
    Drawing("cool-gradient", _gradient, (_BLUE, _AQUA)),
)
