"""A sheet of paper measured in pixels from its top left corner: every figure is laid out on one.

This and `plot` are where matplotlib is called; its calls take untyped keywords, hence the `Any` here.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from numpy.typing import NDArray

from alexnet_studio.figures.lettering import Lettering, lettering
from alexnet_studio.figures.palette import Palette

Align = Literal["left", "center", "right"]
Point = tuple[float, float]

PIXELS_PER_INCH = 96.0
POINTS_PER_PIXEL = 72 / PIXELS_PER_INCH


class Page:
    """Draws on a `Figure` of its own; sizes are pixels at 96 to the inch, text and line sizes points."""

    def __init__(self, width: float, height: float, palette: Palette) -> None:
        self.palette = palette
        self.lettering: Lettering = lettering()
        self.width, self.height = width, height
        self.figure = Figure((width / PIXELS_PER_INCH, height / PIXELS_PER_INCH), facecolor=palette.paper)
        self._drawing: Any = self.figure
        # Never pyplot: it keeps every figure, and it may start a window of its own.
        FigureCanvasAgg(self.figure)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9,
        colour: str | None = None,
        bold: bool = False,
        align: Align = "left",
        width: float | None = None,
    ) -> None:
        """One line with its baseline at `y`, elided to `width` pixels. A "$" is a dollar, not mathematics."""
        wide = (self.width - x if align == "left" else x) if width is None else width
        self._drawing.text(
            x / self.width,
            1 - y / self.height,
            self.lettering.elided(text, wide * POINTS_PER_PIXEL, size),
            color=colour or self.palette.text,
            fontproperties=self.lettering.font(size, bold=bold),
            horizontalalignment=align,
            verticalalignment="baseline",
            parse_math=False,
        )

    def picture(self, x: float, y: float, width: float, height: float, pixels: NDArray[np.uint8]) -> None:
        """`pixels` (H, W), (H, W, 1) or (H, W, 3) stretched over the area; enlarged without smoothing."""
        axes = self.axes(x, y, width, height)
        axes.set_axis_off()
        grey = pixels.ndim == 2 or pixels.shape[2] == 1
        shown = np.repeat(pixels.reshape(*pixels.shape[:2], 1), 3, axis=2) if grey else pixels
        axes.imshow(shown, interpolation="nearest", aspect="auto")

    def rectangle(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
        self.polygon(corners, face=colour)

    def polygon(
        self,
        corners: tuple[Point, ...],
        *,
        face: str | None = None,
        edge: str | None = None,
        thickness: float = 1,
    ) -> None:
        self._patch(corners, closed=True, face=face, edge=edge, thickness=thickness)

    def line(self, points: tuple[Point, ...], colour: str, thickness: float) -> None:
        self._patch(points, closed=False, face=None, edge=colour, thickness=thickness)

    def axes(self, x: float, y: float, width: float, height: float) -> Any:
        """matplotlib's axes over this area, without frame and ground."""
        across, down = self.width, self.height
        axes = self._drawing.add_axes((x / across, 1 - (y + height) / down, width / across, height / down))
        axes.set_frame_on(False)
        return axes

    def _patch(
        self, points: tuple[Point, ...], *, closed: bool, face: str | None, edge: str | None, thickness: float
    ) -> None:
        patch: Any = Polygon(
            [(x / self.width, 1 - y / self.height) for x, y in points],
            closed=closed,
            facecolor=face or "none",
            edgecolor=edge or "none",
            linewidth=thickness if edge else 0,
            joinstyle="round",
            transform=self._drawing.transFigure,
        )
        self._drawing.add_artist(patch)
