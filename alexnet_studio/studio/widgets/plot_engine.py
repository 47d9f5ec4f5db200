"""The one door to pyqtgraph, which has no types: a bare plot with curves, typed on this side.

Importing this module imports pyqtgraph (0.4 s): do it after the first paint.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPen
from PySide6.QtWidgets import QGraphicsView

from alexnet_studio.studio.widgets.curve_math import nice_step

Floats = NDArray[np.float64]
Marks = Callable[[float, float, float], list[tuple[float, list[float]]]]
"""From lowest, highest and length in pixels to (distance, places) of an axis' marks."""

_pyqtgraph: Any = importlib.import_module("pyqtgraph")


class Line:
    """One curve of a plot."""

    def __init__(self, item: Any) -> None:
        self._item = item

    def set_points(self, x: Floats, y: Floats) -> None:
        """NaN in `y` is a gap."""
        self._item.setData(x, y, connect="finite")

    def set_look(self, colour: QColor, width: float, *, dots: bool) -> None:
        pen = QPen(colour, width)
        pen.setCosmetic(True)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self._item.setPen(pen)
        self._item.setSymbol("o" if dots else None)
        self._item.setSymbolSize(5)
        self._item.setSymbolPen(None)
        self._item.setSymbolBrush(colour)

    def set_visible(self, visible: bool) -> None:
        self._item.setVisible(visible)


class Plot:
    """Axes without frame, horizontal grid lines, wheel zooms, drag pans; nothing follows the mouse by itself."""

    def __init__(self, y_marks: Marks, tick_text: Callable[[float, float], str], on_range: Callable[[], None]) -> None:
        widget = _pyqtgraph.PlotWidget(background=None)
        self._widget = widget
        self._item = widget.getPlotItem()
        self._box = self._item.getViewBox()
        self._item.setMenuEnabled(False)
        self._item.hideButtons()
        self._box.disableAutoRange()
        self._box.setDefaultPadding(0.0)
        left, bottom = self._item.getAxis("left"), self._item.getAxis("bottom")
        left.tickValues = lambda low, high, size: y_marks(low, high, size)
        left.tickStrings = lambda values, scale, spacing: [tick_text(v, spacing) for v in values]
        bottom.tickValues = lambda low, high, size: _whole_marks(low, high, size)
        bottom.tickStrings = lambda values, scale, spacing: [f"{v:,.0f}" for v in values]
        for name in ("left", "bottom"):
            axis = self._item.getAxis(name)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=0, maxTickLevel=0, maxTextLevel=0, hideOverlappingLabels=False)
            axis.setZValue(-1000)  # the grid lies under the curves
        left.setGrid(255)
        left.setStyle(tickAlpha=255)
        # Room for half a label above the highest mark and beside the last one.
        self._item.layout.setContentsMargins(0, 8, 16, 0)
        # pyqtgraph's "finally" signal comes once a change, after all of it.
        self._box.sigRangeChanged.connect(lambda *_: on_range())

    @property
    def view(self) -> QGraphicsView:
        return cast("QGraphicsView", self._widget)

    def add_line(self) -> Line:
        item = _pyqtgraph.PlotDataItem(antialias=True, skipFiniteCheck=False)
        self._item.addItem(item)
        return Line(item)

    def restyle(self, font: QFont, text: QColor, grid: QColor) -> None:
        # The same for all plots: their x axes stand exactly below each other.
        self._item.getAxis("left").setWidth(QFontMetrics(font).horizontalAdvance("100 %") + 8)
        for name in ("left", "bottom"):
            axis = self._item.getAxis(name)
            axis.setTickFont(font)
            axis.setTextPen(text)
            axis.setPen(QPen(Qt.PenStyle.NoPen))
            axis.setTickPen(QPen(grid, 1))

    def link_x(self, other: Plot) -> None:
        self._item.setXLink(other._item)

    def set_range(self, x: tuple[float, float], y: tuple[float, float]) -> None:
        self._box.setRange(xRange=x, yRange=y, padding=0.0)

    def set_limits(self, *, x_min: float, y_min: float | None, y_max: float | None) -> None:
        self._box.setLimits(xMin=x_min, yMin=y_min, yMax=y_max)

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


def _whole_marks(low: float, high: float, size_px: float) -> list[tuple[float, list[float]]]:
    step = max(1.0, nice_step(high - low, max(2, int(size_px // 96))))
    return [(step, marks_between(low, high, step))]


def marks_between(low: float, high: float, step: float) -> list[float]:
    """The multiples of `step` from `low` to `high`, both included when they are multiples."""
    first = int(np.ceil(low / step - 1e-9))
    last = int(np.floor(high / step + 1e-9))
    return [index * step for index in range(first, last + 1)]
