"""What plots of one x axis share: its range, and whether a person has moved it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from alexnet_studio.studio.widgets.plot_engine import Plot


class Zoom(QObject):
    """Whether a person has moved plots that share an x axis: they then stay where they are, until all is wanted."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.on = False
        self._plots: list[Plot] = []
        self._ends: dict[Plot, float] = {}
        self._is_moving = False

    def join(self, plot: Plot) -> None:
        self._plots.append(plot)

    def end(self, plot: Plot, own: float) -> float:
        """Of the axis: the farthest place that any of the plots has a curve to, that of `plot` being `own` now."""
        self._ends[plot] = own
        return max(self._ends.values())

    def follow(self, moved: Plot) -> None:
        """The others get the x range of `moved`. Not pyqtgraph's links: these shift it by where plots lie on screen."""
        if self._is_moving:
            return
        self._is_moving = True
        for plot in self._plots:
            if plot is not moved:
                plot.set_x_range(moved.x_range())
        self._is_moving = False

    def set_on(self, on: bool) -> None:
        if on != self.on:
            self.on = on
            self.changed.emit()
