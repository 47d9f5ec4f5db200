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
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPen
from PySide6.QtWidgets import QGraphicsView

from alexnet_studio.studio.widgets.plot_axes import Marks, RoundAxis, whole_marks

Floats = NDArray[np.float64]
_pyqtgraph: Any = importlib.import_module("pyqtgraph")


class Line:
    """One curve of a plot, with its points marked when they are few."""

    def __init__(self, curve: Any, dots: Any) -> None:
        self._curve = curve
        self._dots = dots
        self._look: tuple[str, float, bool] | None = None
        self._marked = False

    def set_points(self, x: Floats, y: Floats) -> None:
        """NaN in `y` is a gap."""
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


class Plot:
    """Axes without frame, horizontal grid lines, wheel zooms, drag pans; nothing follows the mouse by itself."""

    def __init__(
        self, y_marks: Marks, tick_text: Callable[[float, float], str], on_range: Callable[[], None]
    ) -> None:
        axes = {
            "left": RoundAxis("left", y_marks, tick_text),
            "bottom": RoundAxis("bottom", whole_marks, lambda value, _: f"{value:,.0f}"),
        }
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

    @property
    def view(self) -> QGraphicsView:
        return cast("QGraphicsView", self._widget)

    def add_line(self, *, fine: bool = True) -> Line:
        """Not `fine` is drawn without smoothing its edges: a noisy curve takes several times as long with it."""
        curve = _pyqtgraph.PlotCurveItem(antialias=fine)
        dots = _pyqtgraph.ScatterPlotItem(size=5, pen=None, antialias=True)
        self._item.addItem(curve)
        self._item.addItem(dots)
        return Line(curve, dots)

    def restyle(self, font: QFont, text: QColor, grid: QColor, ground: QColor) -> None:
        self._widget.setBackground(ground)
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
