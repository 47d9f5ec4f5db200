"""Curves over a shared x axis: raw and smoothed lines, values under the mouse, zoom and pan with a way back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsLineItem, QToolTip, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.curves import PlotView
from alexnet_studio.studio.widgets import curve_axes
from alexnet_studio.studio.widgets.curve_legend import CurveLegend
from alexnet_studio.studio.widgets.curve_math import round_end, span
from alexnet_studio.studio.widgets.curve_trace import Trace
from alexnet_studio.studio.widgets.curve_zoom import Zoom
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.moment_line import MomentLine
from alexnet_studio.studio.widgets.plot_engine import Plot

_NEAR_PX = 5
_TICK_SHARE = 0.06
_HAIR = 0.004  # beyond the ends of an axis, so that what is marked there is inside


class CurvePlot(QWidget):
    """`percent` curves lie in 0..1 and are written as percentages; `floor` is the least that a logarithmic axis shows.

    `number` writes a place on the x axis; `on_hover` is told of it, None when the mouse has left. It has the x axis and
    the `zoom` of `above`. `all_wanted` is a double click, after which everything is in view here. `moment` is dragged.
    """

    all_wanted = Signal()

    def __init__(
        self,
        theme: Theme,
        *,
        percent: bool = False,
        floor: float = 1e-4,
        number: Callable[[str, float], str],
        on_hover: Callable[[float | None], None] = lambda _: None,
        above: CurvePlot | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = PlotView()
        self._percent = percent
        self._floor = floor
        self._number = number
        self._on_hover = on_hover
        self._axis = "step"
        self._log = self._settling = False
        self.zoom = Zoom(self) if above is None else above.zoom
        self._weight = 0.0
        self._off: frozenset[int] = frozenset()
        self._off_runs: frozenset[int] = frozenset()
        self.legend = CurveLegend(theme, "", ())
        self.legend.toggled.connect(self._toggle)
        axes = (self._x_marks, self._x_text), (self._y_marks, self._y_text)
        self.plot = Plot(*axes, self._on_range, lambda: self.zoom.set_on(True))
        self._traces: list[Trace] = []
        self._ticks = self.plot.add_ticks()
        self.moment = MomentLine(self.plot, theme, self)
        self._hair = QGraphicsLineItem()
        self._hair.setVisible(False)
        self.plot.view.scene().addItem(self._hair)
        self._watch_mouse()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.legend)
        column.addWidget(self.plot.view, 1)
        self._restyle()
        self.zoom.join(self.plot)
        theme.changed.connect(self._restyle)

    def show_view(self, view: PlotView, axis: str = "step") -> None:
        if view.keys != self._view.keys:
            self._off = frozenset()
            self.legend.set_off(self._off)
        self._view = view
        self.legend.set_title(view.title)
        self.legend.set_keys(view.keys)
        while len(self._traces) < len(view.traces):
            self._traces.append(Trace(self.plot))
        for trace, shown in zip(self._traces, view.traces, strict=False):
            trace.set_smoothing(self._weight)
            trace.show(shown)
        if axis != self._axis:
            self._axis = axis
            self.zoom.set_on(False)
            self.hover(QPointF(-1, -1))
            self.plot.write_axes_anew()
        if not self.zoom.on:
            self.reset_view()
        self._redraw()

    def set_smoothing(self, weight: float) -> None:
        if weight != self._weight:
            self._weight = weight
            for trace in self._traces:
                trace.set_smoothing(weight)
            self._redraw()

    def set_log(self, log: bool) -> None:
        if log != self._log:
            self._log = log
            self.show_all()

    def set_off_runs(self, off: frozenset[int]) -> None:
        if off != self._off_runs:
            self._off_runs = off
            self._redraw()

    def reset_view(self) -> None:
        """Everything in view, from zero on a linear axis; the curves are followed again."""
        ends = [float(trace.view.x[-1]) for trace in self._shown() if len(trace.view.x)]
        end = self.zoom.end(self.plot, max(ends, default=0.0))
        self._settling = True
        # A round end: a growing curve moves the axis, which is costly to draw, once in a while and not at each step.
        self.plot.set_range((0.0, (1 + _HAIR) * round_end(max(1.0, end))), self._y_span())
        self._settling = False
        self.zoom.follow(self.plot)
        self.zoom.set_on(False)

    def show_all(self) -> None:
        """What "Show all" and a double click do."""
        self.reset_view()
        self._redraw()

    def values_at(self, x: float) -> tuple[str, ...]:
        """What the legend shows for a place on the x axis: the curves as they are drawn bold; none of several runs."""
        if any(trace.view.run >= 0 > self._view.keys[trace.view.key].run for trace in self._shown()):
            return ("",) * len(self._view.keys)
        return tuple(self._value(x, key=key) for key in range(len(self._view.keys)))

    def value_of_run(self, run: int, x: float) -> str:
        """Of its last curve here, which is the validation's where there is one."""
        return self._value(x, run=run)

    def hover(self, position: QPointF) -> None:
        """Show the values under a point of the plot's viewport; nothing outside the axes."""
        area = self.plot.area()
        inside = area.contains(position) and any(len(trace.view.x) for trace in self._shown())
        self._hair.setVisible(inside)
        if not inside:
            self.legend.set_values("", ("",) * len(self._view.keys))
            self._on_hover(None)
            return
        x = self.plot.x_at(position)
        column = self.plot.view.mapToScene(position.toPoint()).x()
        self._hair.setLine(QLineF(column, area.top(), column, area.bottom()))
        self.legend.set_values(self._number(self._axis, x), self.values_at(x))
        self._on_hover(x)
        self._tell_mark(position, x)

    def mark_near(self, x: float) -> str:
        """What happened there, within a few pixels."""
        low, high = self.plot.x_range()
        reach = _NEAR_PX * (high - low) / max(1.0, self.plot.area().width())
        return "\n".join(text for place, text in self._view.marks if abs(place - x) <= reach)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if self.moment.takes(event):
            return True
        if kind is QEvent.Type.Leave:
            self.hover(QPointF(-1, -1))
        elif kind is QEvent.Type.MouseButtonDblClick:
            self.show_all()
            self.all_wanted.emit()
            return True
        elif kind is QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and not event.buttons():
            # Taken here: pyqtgraph would emit a Python signal at every move of the mouse.
            self.hover(event.position())
            return True
        return super().eventFilter(watched, event)

    def _shown(self) -> list[Trace]:
        return self._traces[: len(self._view.traces)]

    def _value(self, x: float, *, key: int | None = None, run: int | None = None) -> str:
        found = ""
        for trace in self._shown():
            if trace.view.key in self._off or (key is not None and trace.view.key != key):
                continue
            value = trace.value_at(x) if run is None or trace.view.run == run else None
            found = found if value is None else self._value_text(value)
        return found

    def _tell_mark(self, position: QPointF, x: float) -> None:
        text = self.mark_near(x)
        if text:
            viewport = self.plot.view.viewport()
            QToolTip.showText(viewport.mapToGlobal(position.toPoint()), plain_tip(text), viewport)
        elif QToolTip.isVisible():
            QToolTip.hideText()

    def _watch_mouse(self) -> None:
        view = self.plot.view
        view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        view.viewport().setMouseTracking(True)
        view.viewport().installEventFilter(self)

    def _toggle(self, index: int) -> None:
        self._off = self._off ^ {index}
        self.legend.set_off(self._off)
        self._redraw()

    def _on_range(self) -> None:
        if not self._settling:
            self.zoom.follow(self.plot)
            self._redraw()

    def _redraw(self) -> None:
        low, high = self.plot.x_range()
        pixels = max(1, int(self.plot.area().width()))
        several = len(self._view.traces) > 4  # more faint curves than that are a fog
        for number, trace in enumerate(self._traces):
            view = trace.view
            if number >= len(self._view.traces) or view.key in self._off or view.run in self._off_runs:
                trace.hide()
                continue
            thin = self._view.keys[view.key].thin
            trace.draw(low, high, pixels, log=self._log, raw=not several and not (thin and view.run < 0))
        self._look()
        self._draw_marks()
        self.moment.redraw()

    def _draw_marks(self) -> None:
        off = next((key for key, one in enumerate(self._view.keys) if one.tick), None)
        self._ticks.set_visible(bool(self._view.marks) and off not in self._off)
        low, high = self.plot.y_range()
        places = np.array([place for place, _ in self._view.marks])
        self._ticks.set_places(places, low, low + _TICK_SHARE * (high - low))

    def _y_span(self) -> tuple[float, float]:
        found = span([values for trace in self._shown() for values in trace.span()])
        if self._log:
            low, high = found or (0.1, 1.0)
            return np.log10(max(low, self._floor)) - 0.05, np.log10(max(high, 2 * self._floor)) + 0.05
        high = 1.0 if found is None else max(found[1] * 1.08, 1e-9)
        if self._percent:
            high = min(1.0, high)
        return -_HAIR * high, (1 + _HAIR) * high

    def _x_marks(self, low: float, high: float, size_px: float) -> list[float]:
        return curve_axes.x_marks(self._axis, low, high, size_px)

    def _x_text(self, value: float, spacing: float) -> str:
        return curve_axes.x_text(self._axis, value, spacing)

    def _y_marks(self, low: float, high: float, size_px: float) -> list[float]:
        return curve_axes.y_marks(low, high, size_px, log=self._log)

    def _y_text(self, value: float, spacing: float) -> str:
        return curve_axes.y_text(value, spacing, log=self._log, percent=self._percent)

    def _value_text(self, value: float) -> str:
        if self._percent:
            return f"{value * 100:.1f} %"
        return f"{value:.3g}" if value >= 10 or value < 0.01 else f"{value:.3f}"

    def _look(self) -> None:
        for trace in self._shown():
            key, run = self._view.keys[trace.view.key], trace.view.run
            colour = self._theme.run_colour(run) if run >= 0 else self._theme.colour(key.colour)
            trace.set_look(colour, self._theme.faint(colour), 1.0 if key.thin else 2.0)

    def _restyle(self) -> None:
        colour = self._theme.colour
        self.plot.restyle(self._theme.font(-1.0), colour("quiet"), colour("grid"), colour("raised"))
        self._hair.setPen(QPen(colour("faint"), 1))
        self._ticks.set_look(colour("quiet"))
        self.moment.restyle()
        self._look()
