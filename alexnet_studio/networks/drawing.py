"""The drawing of a network as solids, links and labels, in units of the drawing; no toolkit, no torch.

As in the paper's Fig. 2, a map is a solid as high and as deep as its side and as wide as its channels, and
the towers lie one above the other, so that the links between them show which layers see both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense, GlobalPool, Pool, is_classifier
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.spec import Spec

RISE = 0.6  # how far a solid's back face lies above its front face, for each unit that it lies to the right

_TALLEST = 72.0  # the front face of the largest map, and the longest bar
_LOWEST = 14.0
_WIDEST = 26.0  # the front face with the most channels
_NARROWEST = 5.0
_HAIR = 1.0  # what is smaller could not be seen
_LABEL = 46.0  # from the middle of one label to that of the next, in a drawing to scale
_SLANT = 0.4  # depth of a solid as a part of its height
_BAR = 7.0  # the width of a fully connected layer
_PLATE = 3.0  # of layers without weights
_GAP = 16.0
_CROSSING_GAP = 46.0  # room for links between the towers
_BETWEEN_TOWERS = 26.0
_MARGIN = 10.0
_IMAGE = 54.0  # from the left margin to the first layer: the image's label and its links
_LINE = 13.0  # from one line of labels to the next


@dataclass(frozen=True, slots=True)
class Box:
    """A layer, or one tower of it, as a solid: its front face, with (x, y) its left upper corner.

    y grows downwards; the back face lies `depth` to the right of the front face and `RISE * depth` above it.
    Towers count from 1; 0 spans all. A later box of a drawing hides an earlier one.
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
    """A text centred on (x, y): a layer's name, a tower's output of it, a tower, or the image's shape."""

    x: float
    y: float
    text: str
    layer: str = ""
    role: Literal["name", "size", "tower", "image"] = "name"
    tower: int = 0


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything lies within `width` and `height`. Links belong under the boxes."""

    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    labels: tuple[Label, ...]
    width: float
    height: float


def draw(spec: Spec, *, to_scale: bool = False) -> Drawing:
    """The drawing of `spec`. Raises what `arithmetic.report` raises.

    `to_scale`: heights are in proportion to sides, widths to channels, and bars to neurons, each in a unit of its own;
    otherwise to their roots, which keeps small maps visible in a narrow panel.
    """
    rows = report(spec).rows
    page = _Page(spec, _Scale.of(spec, rows, to_scale=to_scale))
    for layer, row in zip(spec.layers, rows, strict=True):
        page.add(layer, row)
    return page.finished()


@dataclass(frozen=True, slots=True)
class _Scale:
    """Sides and neurons to heights, channels to widths: by their roots, or in proportion."""

    side: int
    channels: int
    neurons: int
    linear: bool

    @classmethod
    def of(cls, spec: Spec, rows: tuple[LayerReport, ...], *, to_scale: bool) -> _Scale:
        maps = [row.output for row in rows if len(row.output) == 3]
        return cls(
            side=max((shape[1] for shape in maps), default=1),
            channels=max((shape[0] // spec.towers for shape in maps), default=1),
            neurons=max((row.output[0] for row in rows if row.kind == "fc"), default=1),
            linear=to_scale,
        )

    def solid(self, channels: int, side: int) -> tuple[float, float, float]:
        """(width, height, depth) of one tower's map."""
        height = self._length(_TALLEST, side / self.side, _LOWEST)
        return self._length(_WIDEST, channels / self.channels, _NARROWEST), height, height * _SLANT

    def bar(self, neurons: int) -> float:
        return self._length(_TALLEST * (1 + _SLANT * RISE), neurons / self.neurons, _LOWEST)

    def _length(self, longest: float, share: float, least: float) -> float:
        if self.linear:
            return max(_HAIR, longest * share)
        return max(least, longest * math.sqrt(share))


@dataclass(slots=True)
class _Page:
    """The drawing while it grows from left to right."""

    spec: Spec
    scale: _Scale
    boxes: list[Box] = field(default_factory=list[Box])
    links: list[Link] = field(default_factory=list[Link])
    labels: list[Label] = field(default_factory=list[Label])
    last: list[Box] = field(
        default_factory=list[Box]
    )  # what the next layer is linked to: a box for each tower
    right: float = _MARGIN + _IMAGE

    def add(self, layer: AnyLayer, row: LayerReport) -> None:
        crosses = self._crosses(layer)
        plate = not isinstance(layer, Conv | Dense)
        x = self.right + self._gap(layer, crosses)
        if not plate and self.scale.linear and self.labels:
            x = max(x, self.labels[-1].x + _LABEL - _BAR / 2)
        new = [self._box(layer, row, tower, x) for tower in self._towers(layer, row)]
        if not plate or not self.last:
            self._link(layer.name, new, crosses)
            self._name(row, new[0])
        self.boxes += new
        self.last = new
        self.right = x + new[0].width

    def finished(self) -> Drawing:
        bottom = self._axis(self.spec.towers) + self._reach + 2 * _LINE
        self._label_image()
        if self.spec.towers > 1:
            self._label_towers()
        right = max((box.x + box.width + box.depth for box in self.boxes), default=self.right)
        return Drawing(
            tuple(self.boxes), tuple(self.links), tuple(self.labels), right + 2 * _MARGIN, bottom + _MARGIN
        )

    @property
    def _reach(self) -> float:
        """How far the largest solid reaches above and below its tower's axis."""
        return _TALLEST * (1 + _SLANT * RISE) / 2

    def _axis(self, tower: int) -> float:
        """The height of a tower's middle; 0: of the whole."""
        first = _MARGIN + self._reach
        step = 2 * self._reach + _BETWEEN_TOWERS
        return first + step * ((self.spec.towers - 1) / 2 if tower == 0 else tower - 1)

    def _towers(self, layer: AnyLayer, row: LayerReport) -> range:
        """The classifier is one; everything else is cut into towers where it can be."""
        whole = self.spec.towers == 1 or is_classifier(layer) or row.output[0] % self.spec.towers != 0
        return range(1) if whole else range(1, self.spec.towers + 1)

    def _crosses(self, layer: AnyLayer) -> bool:
        """Whether the layer sees other towers than its own, by its groups or as it is fully connected."""
        if self.spec.towers == 1 or not self.last:
            return False
        return isinstance(layer, Conv | Dense) and layer.groups % self.spec.towers != 0

    def _gap(self, layer: AnyLayer, crosses: bool) -> float:
        if not self.last:
            return 0.0
        slant = self.last[0].depth
        if isinstance(layer, Conv | Dense):
            return slant + (_CROSSING_GAP if crosses else _GAP)
        # A plate lies on the solid whose values it changes; a pool, being smaller, stands a little off.
        return 0.45 * slant if isinstance(layer, Pool | GlobalPool) else 1.5

    def _box(self, layer: AnyLayer, row: LayerReport, tower: int, x: float) -> Box:
        count = row.output[0] // (1 if tower == 0 else self.spec.towers)
        if len(row.output) == 3:
            width, height, depth = self.scale.solid(count, row.output[1])
        else:
            width, height, depth = _BAR, self._bar_height(layer, row, tower), 0.0
        if not isinstance(layer, Conv | Dense):
            width = _PLATE
        return Box(
            layer.name, tower, x, self._axis(tower) + (depth * RISE - height) / 2, width, height, depth
        )

    def _bar_height(self, layer: AnyLayer, row: LayerReport, tower: int) -> float:
        if tower == 0 and self.spec.towers > 1 and isinstance(layer, Dense):
            # Spanning all axes: what it sees arrives on each of them.
            return self._axis(self.spec.towers) - self._axis(1) + _LOWEST
        return self.scale.bar(row.output[0])

    def _link(self, name: str, new: list[Box], crosses: bool) -> None:
        if not self.last:
            for box in new:
                self.links.append(
                    Link(_MARGIN + 0.7 * _IMAGE, self._axis(0), box.x, self._axis(box.tower), name, False)
                )
        for before in self.last:
            for box in new:
                same = before.tower == box.tower
                spans = 0 in (before.tower, box.tower)
                if same or spans or crosses:
                    y0, y1 = self._ends(before, box)
                    start = before.x + before.width + before.depth / 2
                    self.links.append(Link(start, y0, box.x, y1, name, crosses and not same and not spans))

    def _ends(self, before: Box, box: Box) -> tuple[float, float]:
        """Each at its own tower's height; a box that spans all is met at the other's."""
        y0, y1 = self._axis(before.tower), self._axis(box.tower)
        return (y1 if before.tower == 0 else y0, y0 if box.tower == 0 else y1)

    def _name(self, row: LayerReport, box: Box) -> None:
        x = box.x + (box.width + box.depth) / 2
        y = self._axis(self.spec.towers) + self._reach + _LINE / 2
        count = row.output[0] // (1 if box.tower == 0 else self.spec.towers)
        size = f"{count} × {row.output[1]}²" if len(row.output) == 3 else str(count)
        self.labels.append(Label(x, y, row.name, row.name, "name"))
        self.labels.append(Label(x, y + _LINE, size, row.name, "size"))

    def _label_image(self) -> None:
        text = f"{self.spec.channels} × {self.spec.image_size}²"
        self.labels.append(Label(_MARGIN + 0.3 * _IMAGE, self._axis(0), text, "", "image"))

    def _label_towers(self) -> None:
        for tower in range(1, self.spec.towers + 1):
            x, y = _MARGIN + 0.3 * _IMAGE, self._axis(tower)
            self.labels.append(Label(x, y, f"tower {tower}", "", "tower", tower))
