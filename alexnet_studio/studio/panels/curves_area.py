"""The two plots of a training: loss, and top-1 and top-k error, with smoothing, scale and the way back from a zoom."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views import TrainingView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.curve_legend import Key
from alexnet_studio.studio.widgets.curve_plot import CurvePlot
from alexnet_studio.studio.widgets.figure_actions import FigureActions

_SMOOTHING_PERCENT = 90


class CurvesArea(QWidget):
    """Importing this module imports pyqtgraph. `save_requested` carries a format."""

    save_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        number = _grouped
        self.loss = CurvePlot(
            theme,
            QCoreApplication.translate("Training", "Loss"),
            (Key(_training(), "training"), Key(_validation(), "validation")),
            smooth=(True, False),
            number=number,
        )
        self.error = CurvePlot(
            theme,
            QCoreApplication.translate("Training", "Error"),
            _error_keys(5),
            smooth=(True, False, True, False),
            percent=True,
            number=number,
        )
        self.error.plot.link_x(self.loss.plot)
        self.slider = self._made_slider()
        self.log = QCheckBox(QCoreApplication.translate("Training", "log loss"))
        self.log.toggled.connect(self.loss.set_log)
        self.reset = Button(
            theme,
            QCoreApplication.translate("Training", "Show all"),
            icon="reset",
            role="quiet",
            on_click=self._reset,
        )
        self.reset.setEnabled(False)
        self._amount = QLabel()
        self._lay_out()
        for plot in (self.loss, self.error):
            plot.zoomed.connect(self.reset.setEnabled)
        self.actions_of = FigureActions(self, ("png", "svg", "pdf", "csv"), self.save_requested.emit)
        for plot in (self.loss, self.error):
            plot.plot.view.viewport().setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._smooth(_SMOOTHING_PERCENT)

    def show_view(self, view: TrainingView) -> None:
        self.error.set_keys(_error_keys(view.k))
        self.loss.set_curves((view.loss_train, view.loss_val))
        self.error.set_curves((view.top1_train, view.top1_val, view.top5_train, view.top5_val))

    def _made_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 99)
        slider.setValue(_SMOOTHING_PERCENT)
        slider.setFixedWidth(12 * GRID_PX)
        slider.setAccessibleName(QCoreApplication.translate("Training", "Smoothing"))
        slider.valueChanged.connect(self._smooth)
        return slider

    def _lay_out(self) -> None:
        tools = QHBoxLayout()
        tools.setSpacing(GRID_PX)
        tools.addWidget(QLabel(QCoreApplication.translate("Training", "smoothing")))
        tools.addWidget(self.slider)
        tools.addWidget(self._amount)
        tools.addSpacing(GRID_PX)
        tools.addWidget(self.log)
        tools.addStretch(1)
        tools.addWidget(self.reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.loss, 1)
        column.addWidget(self.error, 1)
        column.addLayout(tools)

    def _smooth(self, percent: int) -> None:
        self._amount.setText(QLocale.c().toString(percent / 100, "f", 2))
        for plot in (self.loss, self.error):
            plot.set_smoothing(percent / 100)

    def _reset(self) -> None:
        for plot in (self.loss, self.error):
            plot.reset_view()


def _error_keys(k: int) -> tuple[Key, ...]:
    top1 = QCoreApplication.translate("Training", "top-1 {what}")
    topk = QCoreApplication.translate("Training", "top-{k} {what}")
    return (
        Key(top1.format(what=_training()), "training"),
        Key(top1.format(what=_validation()), "validation"),
        Key(topk.format(k=k, what=_training()), "training", thin=True),
        Key(topk.format(k=k, what=_validation()), "validation", thin=True),
    )


def _training() -> str:
    return QCoreApplication.translate("Training", "training")


def _validation() -> str:
    return QCoreApplication.translate("Training", "validation")


def _grouped(step: float) -> str:
    return QCoreApplication.translate("Training", "step {step}").format(step=f"{int(step):,}")
