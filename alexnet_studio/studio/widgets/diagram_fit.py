"""A drawing's units to pixels and back, what is under a point, and which labels have room: plain geometry, no Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alexnet_studio.networks.drawing import Box, Drawing, Label


Point = tuple[float, float]
_REACH_PX = 4.0  # thin boxes are easier to hit with a little room around them
_TOP_SHARE = 0.25  # of the free height, above the drawing: it stands nearer to its title than to the foot
_ROUNDING_PX = 0.5
_GAP_PX = 4.0  # between two labels


@dataclass(frozen=True, slots=True)
class Fit:
    scale: float
    dx: float
    dy: float

    def point(self, x: float, y: float) -> Point:
        return self.dx + x * self.scale, self.dy + y * self.scale

    def faces(self, box: Box) -> tuple[tuple[Point, ...], ...]:
        """Top, right and front face of the solid, in the order to paint them."""
        x0, y0 = self.point(box.x, box.y)
        x1, y1 = self.point(box.x + box.width, box.y + box.height)
        dx, dy = box.depth * self.scale, box.depth * self.scale * _rise()
        front = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        if box.depth <= 0:
            return (front,)
        top = ((x0, y0), (x0 + dx, y0 - dy), (x1 + dx, y0 - dy), (x1, y0))
        right = ((x1, y0), (x1 + dx, y0 - dy), (x1 + dx, y1 - dy), (x1, y1))
        return top, right, front


@dataclass(frozen=True, slots=True)
class PlacedLabel:
    label: Label
    x: float  # left edge, pixels
    y: float  # middle
    width: float


def fit(drawing: Drawing, width: float, height: float, margin: float = 0.0, left: float = 0.0) -> Fit:
    """As large as `width` x `height` pixels allow, `margin` and `left` pixels from the edges."""
    scale = max(0.0, min(width / max(drawing.width, 1e-9), height / max(drawing.height, 1e-9)))
    return Fit(
        scale,
        margin + left + (width - drawing.width * scale) / 2,
        margin + (height - drawing.height * scale) * _TOP_SHARE,
    )


def layer_at(drawing: Drawing, place: Fit, x: float, y: float) -> str | None:
    """The layer of the topmost box whose outline holds the point, with a little reach around it."""
    for box in reversed(drawing.boxes):
        x0, y0 = place.point(box.x, box.y)
        x1, y1 = place.point(box.x + box.width, box.y + box.height)
        dx, dy = box.depth * place.scale, box.depth * place.scale * _rise()
        if x0 - _REACH_PX <= x <= x1 + dx + _REACH_PX and y0 - dy - _REACH_PX <= y <= y1 + _REACH_PX:
            return box.layer
    return None


def layers_of(drawing: Drawing) -> list[str]:
    """The layers with a box, in the drawing's order, each once."""
    return list(dict.fromkeys(box.layer for box in drawing.boxes))


def placed_labels(
    drawing: Drawing,
    place: Fit,
    room: float,
    line: float,
    width_of: Callable[[str], float],
    current: str | None,
) -> list[PlacedLabel]:
    """The labels that do not touch each other, in `room` pixels of width with lines of `line` pixels.

    Texts do not shrink with the drawing: the current layer's come first, then towers, names and sizes.
    """
    order = {"tower": 1, "image": 2, "name": 3, "size": 4}
    wanted = sorted(drawing.labels, key=lambda label: 0 if _is(label, current) else order[label.role])
    placed: list[PlacedLabel] = []
    left_out = False
    below = line / 2 + max(
        (y for box in drawing.boxes for face in place.faces(box) for _, y in face), default=0.0
    )
    for label in wanted:
        candidate = _placed(drawing, place, label, room, line, width_of(label.text), below)
        if any(_touch(candidate, other, line) for other in placed):
            left_out = left_out or label.role == "size"
        else:
            placed.append(candidate)
    if not left_out:
        return placed
    # Sizes under some layers only would look like a property of those.
    return [item for item in placed if item.label.role != "size" or _is(item.label, current)]


def _placed(
    drawing: Drawing, place: Fit, label: Label, room: float, line: float, width: float, below: float
) -> PlacedLabel:
    """`below` the solids is where a line of text may stand first."""
    x, y = place.point(label.x, label.y)
    if label.role in {"tower", "image"}:
        # To the left of the first solid, also where that is nearer than half the text.
        first = place.point(min(box.x for box in drawing.boxes), 0)[0]
        x = min(x, first - _GAP_PX - width / 2)
    # Below the solids, and the second line below the first, however small the drawing is.
    if label.role == "name":
        y = max(y, below)
    if label.role == "size":
        y = max(y, max(_name_y(drawing, place, label), below) + line)
    left = min(max(0.0, x - width / 2), max(0.0, room - width))
    return PlacedLabel(label, left, y, width)


def _is(label: Label, current: str | None) -> bool:
    return bool(label.layer) and label.layer == current


def _name_y(drawing: Drawing, place: Fit, size: Label) -> float:
    names = [label for label in drawing.labels if label.role == "name" and label.layer == size.layer]
    return place.point(0, names[0].y)[1] if names else 0.0


def _touch(a: PlacedLabel, b: PlacedLabel, line: float) -> bool:
    apart_x = a.x + a.width + _GAP_PX <= b.x or b.x + b.width + _GAP_PX <= a.x
    return not apart_x and abs(a.y - b.y) < line - _ROUNDING_PX


def _rise() -> float:
    # Imported where a drawing exists anyway: its room's pydantic models would delay the window's first paint.
    from alexnet_studio.networks.drawing import RISE

    return RISE
