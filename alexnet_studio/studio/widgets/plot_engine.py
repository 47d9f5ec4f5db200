"""The one door to pyqtgraph, which has no types: a bare plot with curves, typed on this side.

Importing this module imports pyqtgraph (0.4 s): do it after the first paint.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsPolygonItem, QGraphicsView

from alexnet_studio.studio.widgets.plot_axes import Marks, RoundAxis

Floats = NDArray[np.float64]
AxisLook = tuple[Marks, Callable[[float, float], str]]
"""Where an axis' marks stand, and what is written at them: from a mark's value and the distance of the marks."""

_pyqtgraph: Any = importlib.import_module("pyqtgraph")


_MANY = 600
_TRIANGLE = ((-6.0, 0.0), (6.0, 0.0), (0.0, -9.0))  # px, up from where it stands


class Line:
    """One curve of a plot, with its points marked when they are few."""

    def __init__(self, curve: Any, dots: Any) -> None:
        self._curve = curve
        self._dots = dots
        self._look: tuple[str, float, bool] | None = None
        self._marked = False

    def set_points(self, x: Floats, y: Floats) -> None:
        """NaN in `y` is a gap."""
        # A path of many points takes Qt twice as long as its lines, whose ends show where they are few.
        self._curve.setSegmentedLineMode("on" if len(x) > _MANY else "off")
        self._curve.setData(x, y, connect="finite")
        if self._marked:
            self._dots.setData(x, y)

    def set_look(self, colour: QColor, width: float, *, dots: bool) -> None:
        look = (colour.name(), width, dots)
        if look == self._look:
            return
        self._look = look
        self._marked = dots
        pen = QPen(colour, width)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self._curve.setPen(pen)
        self._dots.setBrush(colour)
        self._dots.setVisible(dots and self._curve.isVisible())

    def set_visible(self, visible: bool) -> None:
        self._curve.setVisible(visible)
        self._dots.setVisible(visible and self._marked)


class Band:
    """The area between two curves."""

    def __init__(self, area: QGraphicsPolygonItem) -> None:
        self._area = area
        area.setPen(QPen(Qt.PenStyle.NoPen))

    def set_points(self, x: Floats, low: Floats, high: Floats) -> None:
        """Where `low` or `high` is NaN there is no band."""
        there = np.isfinite(low) & np.isfinite(high)
        x, low, high = x[there], low[there], high[there]
        around = zip(np.append(x, x[::-1]).tolist(), np.append(low, high[::-1]).tolist(), strict=True)
        self._area.setPolygon(QPolygonF([QPointF(*point) for point in around]))

    def set_look(self, colour: QColor) -> None:
        self._area.setBrush(colour)

    def set_visible(self, visible: bool) -> None:
        self._area.setVisible(visible)


class Ticks:
    """Short upright lines that stand on the x axis."""

    def __init__(self, lines: Any) -> None:
        self._lines = lines

    def set_places(self, x: Floats, bottom: float, top: float) -> None:
        heights = np.tile([bottom, top], len(x))
        self._lines.setData(np.repeat(x, 2), heights, connect="pairs")

    def set_look(self, colour: QColor, width: float = 0.0) -> None:
        pen = QPen(colour, width)
        pen.setCosmetic(True)
        self._lines.setPen(pen)

    def set_visible(self, visible: bool) -> None:
        self._lines.setVisible(visible)


class Handle:
    """A small triangle that stands on the x axis, of one size however the plot is zoomed, and whole at its ends."""

    def __init__(self, shape: QGraphicsPolygonItem, box: Any) -> None:
        self._shape = shape
        self._box = box
        shape.setPen(QPen(Qt.PenStyle.NoPen))
        shape.setPolygon(QPolygonF([QPointF(*corner) for corner in _TRIANGLE]))

    def set_place(self, x: float, y: float) -> None:
        """To be set again when the plot's size or range has changed."""
        self._shape.setPos(self._box.mapViewToScene(QPointF(x, y)))

    def set_look(self, colour: QColor) -> None:
        self._shape.setBrush(colour)

    def set_visible(self, visible: bool) -> None:
        self._shape.setVisible(visible)


class Plot:
    """Axes without frame, horizontal grid lines, wheel zooms, drag pans; nothing follows the mouse by itself."""

    def __init__(
        self, x: AxisLook, y: AxisLook, on_range: Callable[[], None], on_moved: Callable[[], None]
    ) -> None:
        """`on_moved`: a person has zoomed or panned."""
        axes = {"left": RoundAxis("left", *y), "bottom": RoundAxis("bottom", *x)}
        self._widget = _pyqtgraph.PlotWidget(background=None, axisItems=axes, enableMenu=False)
        self._item = self._widget.getPlotItem()
        self._box = self._item.getViewBox()
        # pyqtgraph makes a menu without a parent even where none is wanted: it would outlive the plot.
        self._item.ctrlMenu.setParent(self._widget, self._item.ctrlMenu.windowFlags())
        self._item.hideButtons()
        self._box.disableAutoRange()
        self._box.setDefaultPadding(0.0)
        for axis in axes.values():
            axis.setZValue(-1000)  # the grid lies under the curves
        axes["left"].setGrid(255)
        # Room for half a label above the highest mark and beside the last one.
        self._item.layout.setContentsMargins(0, 8, 16, 0)
        self._box.sigRangeChanged.connect(partial(_ignoring_arguments, on_range))
        self._box.sigRangeChangedManually.connect(partial(_ignoring_arguments, on_moved))

    @property
    def view(self) -> QGraphicsView:
        return cast("QGraphicsView", self._widget)

    def add_line(self, *, fine: bool = True, behind: bool = False) -> Line:
        """Not `fine` is drawn without smoothing its edges: a noisy curve takes several times as long with it."""
        curve = _pyqtgraph.PlotCurveItem(antialias=fine)
        curve.setZValue(-1 if behind else 0)
        dots = _pyqtgraph.ScatterPlotItem(size=5, pen=None, antialias=True)
        self._item.addItem(curve)
        self._item.addItem(dots)
        return Line(curve, dots)

    def add_band(self) -> Band:
        area = QGraphicsPolygonItem()
        area.setZValue(-10)
        self._box.addItem(area, ignoreBounds=True)
        return Band(area)

    def add_ticks(self) -> Ticks:
        lines = _pyqtgraph.PlotCurveItem(antialias=False)
        self._item.addItem(lines)
        return Ticks(lines)

    def add_handle(self) -> Handle:
        shape = QGraphicsPolygonItem()
        shape.setZValue(10)
        self.view.scene().addItem(shape)
        return Handle(shape, self._box)

    def on_resized(self, call: Callable[[], None]) -> None:
        self._box.sigResized.connect(partial(_ignoring_arguments, call))

    def write_axes_anew(self) -> None:
        """Other texts stand at the same places."""
        for name in ("left", "bottom"):
            axis = self._item.getAxis(name)
            axis.picture = None
            axis.update()

    def restyle(self, font: QFont, text: QColor, grid: QColor, ground: QColor) -> None:
        self._widget.setBackground(ground)
        # The same for all plots: their x axes stand exactly below each other.
        self._item.getAxis("left").setWidth(QFontMetrics(font).horizontalAdvance("00,000") + 8)
        for name in ("left", "bottom"):
            axis = self._item.getAxis(name)
            axis.setTickFont(font)
            axis.setTextPen(text)
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            axis.setTickPen(QPen(grid, 1))

    def set_x_range(self, x: tuple[float, float]) -> None:
        self.set_range(x, self.y_range())

    def set_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        # pyqtgraph lays out and draws its axes anew for the same range, too.
        if (x, y) != (self.x_range(), self.y_range()):
            self._box.setRange(xRange=x, yRange=y, padding=0.0)

    def x_range(self) -> tuple[float, float]:
        (low, high), _ = self._box.viewRange()
        return float(low), float(high)

    def y_range(self) -> tuple[float, float]:
        _, (low, high) = self._box.viewRange()
        return float(low), float(high)

    def area(self) -> QRectF:
        """The curves' rectangle in pixels of the view."""
        scene = cast("QRectF", self._box.sceneBoundingRect())
        return QRectF(self.view.mapFromScene(scene).boundingRect())

    def x_at(self, position: QPointF) -> float:
        point = self._box.mapSceneToView(self.view.mapToScene(position.toPoint()))
        return float(point.x())

    def close(self) -> None:
        self._widget.close()


def _ignoring_arguments(call: Callable[[], None], *_: object) -> None:
    call()
