"""One curve on a plot: raw behind smoothed, or a mean in its band, thinned to the pixels that there are."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from alexnet_studio.figures.smoothing import Smoother
from alexnet_studio.studio.views.curves import TraceView
from alexnet_studio.studio.widgets.curve_math import Floats, averaged, thinned, value_at
from alexnet_studio.studio.widgets.plot_engine import Band, Line, Plot

_DOTS_UP_TO = 12  # points that are few are marked: two epochs are no curve yet


class Trace:
    """Its lines stay on the plot; what they show is set anew. Lines and band are made when they are first needed."""

    def __init__(self, plot: Plot) -> None:
        self._plot = plot
        self.view = TraceView(0, np.empty(0), np.empty(0))
        self._smoother = Smoother(0.0)
        self._bold = plot.add_line()
        self._raw: Line | None = None
        self._band: Band | None = None

    def show(self, view: TraceView) -> None:
        self.view = view

    def set_smoothing(self, weight: float) -> None:
        if weight != self._smoother.weight:
            self._smoother = Smoother(weight)

    def smoothed(self) -> Floats:
        """What is drawn bold."""
        return self._smoother.smoothed(self.view.x, self.view.y) if self.view.smooth else self.view.y

    def value_at(self, x: float) -> float | None:
        return value_at(self.view.x, self.smoothed(), x)

    def hide(self) -> None:
        for part in (self._bold, self._raw, self._band):
            if part is not None:
                part.set_visible(False)

    def draw(self, low: float, high: float, pixels: int, *, log: bool, raw: bool) -> None:
        """What lies between `low` and `high`; `raw` also draws the unsmoothed curve faintly behind."""
        view = self.view
        smooth = view.smooth and self._smoother.weight > 0
        self._bold.set_visible(True)
        # A smooth curve looks the same with a point every other pixel, and is drawn in half the time.
        points, thin = (pixels // 2, averaged) if smooth else (pixels, thinned)
        x, y = thin(view.x, self.smoothed(), low, high, points)
        self._bold.set_points(x, scaled(y, log=log))
        if raw and smooth:
            self._raw = self._raw or self._plot.add_line(fine=False, behind=True)
            x, y = thinned(view.x, view.y, low, high, pixels)
            self._raw.set_points(x, scaled(y, log=log))
        if self._raw is not None:
            self._raw.set_visible(raw and smooth)
        if view.low is not None and view.high is not None:
            self._band = self._band or self._plot.add_band()
            self._band.set_points(view.x, scaled(view.low, log=log), scaled(view.high, log=log))
        if self._band is not None:
            self._band.set_visible(view.low is not None)

    def set_look(self, colour: QColor, faint: QColor, width: float) -> None:
        few = not self.view.smooth and len(self.view.x) <= _DOTS_UP_TO
        self._bold.set_look(colour, width, dots=few or len(self.view.x) == 1)
        if self._raw is not None:
            self._raw.set_look(faint, 1.0, dots=False)
        if self._band is not None:
            soft = QColor(colour)
            soft.setAlphaF(0.16)
            self._band.set_look(soft)

    def span(self) -> tuple[Floats, ...]:
        """The values that must be seen: of the bold curve, since a raw spike must not press everything else flat."""
        bands = (band for band in (self.view.low, self.view.high) if band is not None)
        return (self.smoothed(), *bands)


def scaled(y: Floats, *, log: bool) -> Floats:
    """On a logarithmic axis exponents of ten, and a gap where there is none."""
    if not log:
        return y
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(y > 0, np.log10(y), np.nan)
