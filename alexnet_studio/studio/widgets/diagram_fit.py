"""A drawing's units to pixels and back, and which layer is under a point: plain geometry, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

from alexnet_studio.networks.drawing import Box, Drawing

Point = tuple[float, float]
_SLANT = 0.6  # how far a solid's far face rises for each unit that it goes right
_REACH_PX = 4.0  # thin boxes are easier to hit with a little room around them


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
        dx, dy = box.depth * self.scale, box.depth * self.scale * _SLANT
        front = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
        if box.depth <= 0:
            return (front,)
        top = ((x0, y0), (x0 + dx, y0 - dy), (x1 + dx, y0 - dy), (x1, y0))
        right = ((x1, y0), (x1 + dx, y0 - dy), (x1 + dx, y1 - dy), (x1, y1))
        return top, right, front


def fit(drawing: Drawing, width: float, height: float, margin: float = 0.0) -> Fit:
    """As large as `width` x `height` pixels allow, in the middle, `margin` pixels from the edges."""
    scale = max(0.0, min(width / max(drawing.width, 1e-9), height / max(drawing.height, 1e-9)))
    return Fit(
        scale,
        margin + (width - drawing.width * scale) / 2,
        margin + (height - drawing.height * scale) / 2,
    )


def layer_at(drawing: Drawing, place: Fit, x: float, y: float) -> str | None:
    """The layer of the topmost box whose outline holds the point, with a little reach around it."""
    for box in reversed(drawing.boxes):
        x0, y0 = place.point(box.x, box.y)
        x1, y1 = place.point(box.x + box.width, box.y + box.height)
        dx, dy = box.depth * place.scale, box.depth * place.scale * _SLANT
        if x0 - _REACH_PX <= x <= x1 + dx + _REACH_PX and y0 - dy - _REACH_PX <= y <= y1 + _REACH_PX:
            return box.layer
    return None


def layers_of(drawing: Drawing) -> list[str]:
    """The layers with a box, in the drawing's order, each once."""
    return list(dict.fromkeys(box.layer for box in drawing.boxes))
