"""Curves over a shared x axis: raw and smoothed lines, values under the mouse, zoom and pan with a way back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QEvent, QLineF, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPen
from PySide6.QtWidgets import QGraphicsLineItem, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.curve_legend import CurveLegend, Key
from alexnet_studio.studio.widgets.curve_math import (
    Floats,
    Smoother,
    averaged,
    log_marks,
    marks_between,
    nice_step,
    round_end,
    span,
    thinned,
    value_at,
)
from alexnet_studio.studio.widgets.plot_engine import Line, Plot

_NONE: Floats = np.empty(0)
_DOTS_UP_TO = 12  # points that are few are marked: two epochs are no curve yet


class CurvePlot(QWidget):
    """`percent` curves lie in 0..1 and are written as percentages. `zoomed` says whether there is a way back to offer.

    The keys that are not `smooth` (validation: one point an epoch) are drawn as they are.
    """

    zoomed = Signal(bool)

    def __init__(
        self,
        theme: Theme,
        title: str,
        keys: tuple[Key, ...],
        *,
        smooth: tuple[bool, ...],
        percent: bool = False,
        number: Callable[[float], str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._keys = keys
        self._smooth = smooth
        self._percent = percent
        self._number = number
        self._log = False
        self._zoomed = False
        self._settling = False
        self._off: frozenset[int] = frozenset()
        self._data: list[tuple[Floats, Floats]] = [(_NONE, _NONE)] * len(keys)
        self._smoothers = [Smoother(0.6) for _ in keys]
        self.legend = CurveLegend(theme, title, keys)
        self.legend.toggled.connect(self._toggle)
        self.plot = Plot(self._y_marks, self._tick_text, self._on_range)
        self._raw: list[Line] = [self.plot.add_line(fine=False) for _ in keys]
        self._bold: list[Line] = [self.plot.add_line() for _ in keys]
        self._hair = QGraphicsLineItem()
        self._hair.setVisible(False)
        self.plot.view.scene().addItem(self._hair)
        self._watch_mouse()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.legend)
        column.addWidget(self.plot.view, 1)
        self.setMinimumHeight(110)
        self._restyle()
        theme.changed.connect(self._restyle)

    def set_curves(self, curves: tuple[tuple[Floats, Floats], ...]) -> None:
        """One (x, y) for each key; x ascends."""
        self._data = list(curves)
        if not self._zoomed:
            self.reset_view()
        self._redraw()

    def set_keys(self, keys: tuple[Key, ...]) -> None:
        self._keys = keys
        self.legend.set_keys(keys)

    def set_smoothing(self, weight: float) -> None:
        self._smoothers = [Smoother(weight) for _ in self._keys]
        self._redraw()

    def set_log(self, log: bool) -> None:
        self._log = log
        self.reset_view()
        self._redraw()

    def reset_view(self) -> None:
        """Everything in view, from zero on a linear axis; the curves are followed again."""
        xs = [x for x, _ in self._data if len(x)]
        right = max((float(x[-1]) for x in xs), default=1.0)
        self._settling = True
        # A round end: a growing curve moves the axis, which is costly to draw, once in a while and not at each step.
        self.plot.set_range((0.0, round_end(max(right, 1.0))), self._y_span())
        self._settling = False
        if self._zoomed:
            self._zoomed = False
            self.zoomed.emit(False)

    def values_at(self, x: float) -> tuple[str, ...]:
        """What the legend shows for a place on the x axis: the smoothed curves, as they are drawn bold."""
        found = (value_at(self._data[i][0], self._shown(i), x) for i in range(len(self._keys)))
        return tuple("" if value is None else self._value_text(value) for value in found)

    def hover(self, position: QPointF) -> None:
        """Show the values under a point of the plot's viewport; nothing outside the axes."""
        area = self.plot.area()
        inside = area.contains(position) and any(len(x) for x, _ in self._data)
        self._hair.setVisible(inside)
        if not inside:
            self.legend.set_values("", ("",) * len(self._keys))
            return
        x = self.plot.x_at(position)
        column = self.plot.view.mapToScene(position.toPoint()).x()
        self._hair.setLine(QLineF(column, area.top(), column, area.bottom()))
        self.legend.set_values(self._number(round(x)), self.values_at(x))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind is QEvent.Type.Leave:
            self.hover(QPointF(-1, -1))
        elif kind is QEvent.Type.MouseButtonDblClick:
            self.reset_view()
            self._redraw()
            return True
        elif kind is QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and not event.buttons():
            # Taken here: pyqtgraph would emit a Python signal at every move of the mouse.
            self.hover(event.position())
            return True
        return super().eventFilter(watched, event)

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
        if self._settling:
            return
        if not self._zoomed:
            self._zoomed = True
            self.zoomed.emit(True)
        self._redraw()

    def _redraw(self) -> None:
        self._mark_few()
        low, high = self.plot.x_range()
        pixels = max(1, int(self.plot.area().width()))
        for index, (x, y) in enumerate(self._data):
            shown = index not in self._off
            smooth = self._smooth[index] and self._smoothers[index].weight > 0
            raw = shown and smooth and not self._keys[index].thin
            self._raw[index].set_visible(raw)
            if raw:
                self._raw[index].set_points(*self._drawn(*thinned(x, y, low, high, pixels)))
            self._bold[index].set_visible(shown)
            if shown:
                thin = averaged if smooth else thinned
                self._bold[index].set_points(*self._drawn(*thin(x, self._shown(index), low, high, pixels)))

    def _drawn(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        if not self._log:
            return x, y
        with np.errstate(divide="ignore", invalid="ignore"):
            return x, np.where(y > 0, np.log10(y), np.nan)

    def _shown(self, index: int) -> Floats:
        y = self._data[index][1]
        smoother = self._smoothers[index]
        return smoother.smoothed(y) if self._smooth[index] and smoother.weight > 0 else y

    def _y_span(self) -> tuple[float, float]:
        # Of the bold curves: a raw spike must not press everything else flat.
        found = span([self._shown(index) for index in range(len(self._keys))])
        if self._log:
            low, high = found or (0.1, 1.0)
            return np.log10(max(low, 1e-4)) - 0.05, np.log10(max(high, 2e-4)) + 0.05
        high = 1.0 if found is None else max(found[1] * 1.08, 1e-6)
        if self._percent:
            high = min(1.0, high)
        # A hair below zero and above the top, so that the marks at both ends are inside.
        return -0.004 * high, 1.004 * high

    def _y_marks(self, low: float, high: float, size_px: float) -> list[float]:
        if self._log:
            return log_marks(low, high)
        return marks_between(low, high, nice_step(high - low, max(2, int(size_px // 40))))

    def _tick_text(self, value: float, spacing: float) -> str:
        if self._log:
            return f"{10.0**value:g}"
        if self._percent:
            return f"{value * 100:.0f} %"
        digits = max(0, int(np.ceil(-np.log10(max(spacing, 1e-12)) - 1e-9)))
        return f"{value:.{digits}f}"

    def _value_text(self, value: float) -> str:
        return f"{value * 100:.1f} %" if self._percent else f"{value:.3g}" if value >= 10 else f"{value:.3f}"

    def _mark_few(self) -> None:
        for index, (x, _) in enumerate(self._data):
            key = self._keys[index]
            colour = self._theme.colour(key.colour)
            few = not self._smooth[index] and len(x) <= _DOTS_UP_TO
            self._bold[index].set_look(colour, 1.0 if key.thin else 2.0, dots=few or len(x) == 1)

    def _restyle(self) -> None:
        colour = self._theme.colour
        self.plot.restyle(self._theme.font(-1.0), colour("quiet"), colour("grid"), colour("raised"))
        self._hair.setPen(QPen(colour("faint"), 1))
        for index, key in enumerate(self._keys):
            self._raw[index].set_look(colour(f"{key.colour}_faint"), 1.0, dots=False)
        self._mark_few()
