"""How the curves are drawn: over what, how smooth, on which scale, with what below, and beside which other runs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QLocale, Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.curves import CurvesView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.pick_list import PickList


class CurveTools(QWidget):
    """`look_picked` carries a field of `CurveLook` and its value; `overlay_requested` the runs' paths."""

    look_picked = Signal(str, object)
    choices_wanted = Signal()
    overlay_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = CurvesView()
        self.axis = Chooser(QCoreApplication.translate("Training", "Curves over"), 6)
        self.axis.chosen.connect(partial(self.look_picked.emit, "axis"))
        self.slider = self._made_slider()
        self._amount = QLabel()
        self._amount.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.00"))
        self.log = QCheckBox(QCoreApplication.translate("Training", "log loss"))
        self.log.toggled.connect(partial(self.look_picked.emit, "log"))
        self.below = Chooser(QCoreApplication.translate("Training", "Third plot"), 9)
        self.below.chosen.connect(partial(self.look_picked.emit, "below"))
        self.mean = QCheckBox(QCoreApplication.translate("Training", "mean"))
        self.mean.setToolTip(
            plain_tip(
                QCoreApplication.translate(
                    "Training",
                    "Runs that differ in their seed only become one curve: their mean at the end of each epoch, in a "
                    "band from the lowest to the highest of them.",
                )
            )
        )
        self.mean.toggled.connect(partial(self.look_picked.emit, "mean"))
        self.compare = Button(
            theme, QCoreApplication.translate("Training", "Compare with…"), on_click=self.choices_wanted.emit
        )
        self.reset = Button(
            theme, QCoreApplication.translate("Training", "Show all"), icon="reset", role="quiet"
        )
        self.reset.setEnabled(False)
        self.list = PickList(
            QCoreApplication.translate("Training", "There are no other runs in this folder."), self
        )
        # After the list is closed or rests: reading a run for each tick would be felt.
        self._waiting = QTimer(self)
        self._waiting.setSingleShot(True)
        self._waiting.setInterval(250)
        self._waiting.timeout.connect(self._announce_runs)
        self._picked: tuple[str, ...] = ()
        self.list.picked.connect(self._on_picked)
        flow = FlowLayout(GRID_PX, self)
        for widget in self._parts():
            widget.setMinimumHeight(self.compare.sizeHint().height())  # in the middle of their line
            flow.addWidget(widget)

    def show_view(self, view: CurvesView) -> None:
        asked = view.choosing != self._view.choosing
        self._view = view
        look = view.look
        self.axis.show_choices(view.axes, look.axis)
        self.axis.setToolTip(plain_tip(view.axis_tip or self.axis.toolTip()))
        self.below.show_choices(_below(), look.below)
        for box, on in ((self.log, look.log), (self.mean, look.mean)):
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
        self.mean.setVisible(view.can_mean)
        self.slider.blockSignals(True)
        self.slider.setValue(look.smoothing)
        self.slider.blockSignals(False)
        self._amount.setText(QLocale.c().toString(look.smoothing / 100, "f", 2))
        if asked:
            self.list.show_choices(view.choices)
            self.list.open_below(self.compare)

    def _parts(self) -> tuple[QWidget, ...]:
        smoothing = QWidget()
        row = QHBoxLayout(smoothing)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        for widget in (
            QLabel(QCoreApplication.translate("Training", "smoothing")),
            self.slider,
            self._amount,
        ):
            row.addWidget(widget)
        return (self.axis, smoothing, self.log, self.below, self.compare, self.mean, self.reset)

    def _made_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 99)
        slider.setFixedWidth(12 * GRID_PX)
        slider.setAccessibleName(QCoreApplication.translate("Training", "Smoothing"))
        slider.setToolTip(
            plain_tip(
                QCoreApplication.translate(
                    "Training",
                    "How much of the past each point keeps, from nothing to 0.99; what was measured is faint behind.",
                )
            )
        )
        slider.valueChanged.connect(partial(self.look_picked.emit, "smoothing"))
        return slider

    def _on_picked(self, paths: tuple[str, ...]) -> None:
        self._picked = paths
        self._waiting.start()

    def _announce_runs(self) -> None:
        self.overlay_requested.emit(self._picked)


def _below() -> tuple[tuple[str, str], ...]:
    return (
        ("lr", QCoreApplication.translate("Training", "learning rate")),
        ("speed", QCoreApplication.translate("Training", "images/s")),
        ("gradient", QCoreApplication.translate("Training", "gradients")),
        ("update", QCoreApplication.translate("Training", "updates")),
        ("weight", QCoreApplication.translate("Training", "weights")),
        ("ratio", QCoreApplication.translate("Training", "|Δw| / |w|")),
        ("", QCoreApplication.translate("Training", "two plots")),
    )
