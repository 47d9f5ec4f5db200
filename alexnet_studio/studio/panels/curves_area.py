"""The plots of a training: loss, top-1 and top-k error, and small below them the learning rate or the speed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio import wording
from alexnet_studio.studio.panels.curve_tools import CurveTools
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.curves import CurvesView
from alexnet_studio.studio.widgets.curve_legend import CurveLegend
from alexnet_studio.studio.widgets.curve_plot import CurvePlot
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.moment_bar import MomentBar

_LEAST_PX = 84
_BELOW_SHARE = 2  # of the height, where loss and error have 4 each
_SMALLEST_SIZE = 1e-12  # of a gradient that is drawn
_THREE_FROM_PX = 430  # lower areas have room for two plots only


class CurvesArea(QWidget):
    """Importing this module imports pyqtgraph. `save_requested` carries a format."""

    save_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = CurvesView()
        self._off_runs: frozenset[int] = frozenset()
        self.tools = CurveTools(theme)
        self.runs = CurveLegend(theme, QCoreApplication.translate("Training", "Runs"), ())
        self.runs.toggled.connect(self._toggle_run)
        self.runs.hide()
        self.moment = MomentBar(theme)
        self.loss = CurvePlot(theme, number=_place, on_hover=self._on_hover_loss)
        self.error = CurvePlot(
            theme, percent=True, number=_place, on_hover=self._on_hover_error, above=self.loss
        )
        self.below = CurvePlot(
            theme, number=_place, floor=_SMALLEST_SIZE, on_hover=self._on_hover_below, above=self.loss
        )
        for plot in self.plots():
            plot.setMinimumHeight(_LEAST_PX)
        self._lay_out()
        for plot in self.plots():
            plot.all_wanted.connect(self._reset)
            plot.plot.view.viewport().setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.loss.zoom.changed.connect(lambda: self.tools.reset.setEnabled(self.loss.zoom.on))
        self.tools.reset.clicked.connect(self._reset)
        self.actions_of = FigureActions(self, ("png", "svg", "pdf", "csv"), self.save_requested.emit)

    def plots(self) -> tuple[CurvePlot, ...]:
        return (self.loss, self.error, self.below)

    def show_view(self, view: CurvesView) -> None:
        last, self._view = self._view, view
        self.moment.show_text(view.moment.text)
        for plot in self.plots():
            plot.moment.set_place(view.moment.place, is_now=not view.moment.text)
        if replace(last, moment=view.moment) == view and last.version:
            return  # dragging must not draw the curves anew
        self.tools.show_view(view)
        if view.runs != last.runs:
            self._off_runs = frozenset()
            self.runs.set_keys(view.runs)
            self.runs.set_off(self._off_runs)
        self.runs.setVisible(bool(view.runs))
        self._show_off_runs()
        for plot in self.plots():
            plot.set_smoothing(view.look.smoothing / 100)
        self.loss.set_log(view.look.log)
        self.below.set_log(view.look.layers is not None)
        self._fit_below()
        for plot, shown in zip(self.plots(), (view.loss, view.error, view.below), strict=True):
            plot.show_view(shown, view.look.axis)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_below()

    def _fit_below(self) -> None:
        look, tall = self._view.look, self.height() >= _THREE_FROM_PX
        self.below.setVisible(bool(look.below) and (tall or look.layers is not None))
        self.error.setVisible(tall or look.layers is None)  # who asks for layers would see none in a low area
        share = _BELOW_SHARE if look.layers is None else 2 * _BELOW_SHARE
        if share != self._column.stretch(self._column.indexOf(self.below)):  # the same would be laid out anew
            self._column.setStretchFactor(self.below, share)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GRID_PX)
        self._column.addWidget(self.moment)
        self._column.addWidget(self.runs)
        for plot, share in ((self.loss, 4), (self.error, 4), (self.below, _BELOW_SHARE)):
            self._column.addWidget(plot, share)
        self._column.addWidget(self.tools)

    def _toggle_run(self, number: int) -> None:
        self._off_runs = self._off_runs ^ {self._view.runs[number].run}
        self.runs.set_off(
            frozenset(index for index, key in enumerate(self._view.runs) if key.run in self._off_runs)
        )
        self._show_off_runs()

    def _show_off_runs(self) -> None:
        for plot in self.plots():
            plot.set_off_runs(self._off_runs if self._view.runs else frozenset())

    def _on_hover_loss(self, x: float | None) -> None:
        self._tell_runs(self.loss, x)

    def _on_hover_error(self, x: float | None) -> None:
        self._tell_runs(self.error, x)

    def _on_hover_below(self, x: float | None) -> None:
        self._tell_runs(self.below, x)

    def _tell_runs(self, plot: CurvePlot, x: float | None) -> None:
        if self._view.runs:
            values = ("" if x is None else plot.value_of_run(key.run, x) for key in self._view.runs)
            self.runs.set_values("", tuple(values))

    def _reset(self) -> None:
        for plot in self.plots():
            plot.show_all()


def _place(axis: str, x: float) -> str:
    if axis == "time":
        return wording.duration(x)
    if axis == "epoch":
        return QCoreApplication.translate("Training", "epoch {epoch}").format(epoch=f"{x:,.2f}")
    return QCoreApplication.translate("Training", "step {step}").format(step=f"{round(x):,}")
