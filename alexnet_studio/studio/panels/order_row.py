"""What can be changed while a training runs: its rate, which layers learn, a checkpoint now."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.training import OrdersView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.flow_layout import FlowLayout

_RATE_PX = 9 * GRID_PX


class OrderRow(QWidget):
    """`rate_typed` carries what was typed, `layer_picked` the last layer to freeze, `intent` the other actions."""

    rate_typed = Signal(str)
    layer_picked = Signal(str)
    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rate = QLineEdit()
        self.rate.setFixedWidth(_RATE_PX)
        self.rate.setAccessibleName(QCoreApplication.translate("Orders", "New learning rate"))
        self.rate.returnPressed.connect(self._announce_rate)
        self.freeze = Chooser(QCoreApplication.translate("Orders", "Freeze up to this layer"), 6)
        self.freeze.setPlaceholderText(QCoreApplication.translate("Orders", "freeze to"))
        self.freeze.chosen.connect(self.layer_picked)
        self.buttons = {
            name: Button(theme, text, on_click=partial(self.intent.emit, name))
            for name, text in (
                ("tenth_rate", QCoreApplication.translate("Orders", "÷ 10")),
                ("thaw", QCoreApplication.translate("Orders", "Thaw")),
                ("save_now", QCoreApplication.translate("Orders", "Save now")),
            )
        }
        tips = {
            "tenth_rate": QCoreApplication.translate("Orders", "Divide the learning rate by ten"),
            "thaw": QCoreApplication.translate("Orders", "Let all layers learn again"),
            "save_now": QCoreApplication.translate("Orders", "Write a checkpoint now (Ctrl+S)"),
        }
        for name, tip in tips.items():
            self.buttons[name].setAccessibleName(tip)
        self._tips: dict[QWidget, str] = {
            self.rate: QCoreApplication.translate(
                "Orders", "The learning rate from the next step on: type it and press Return"
            ),
            self.freeze: QCoreApplication.translate(
                "Orders", "The last layer that learns no more; all before it rest, too"
            ),
            **{self.buttons[name]: tip for name, tip in tips.items()},
        }
        self._lay_out()
        self.hide()

    def show_view(self, view: OrdersView) -> None:
        self.setVisible(view.shown)
        self.rate.setPlaceholderText(view.rate)
        self.freeze.show_choices(tuple((name, name) for name in view.layers), "")
        for widget, tip in self._tips.items():
            widget.setEnabled(view.can.enabled)
            widget.setToolTip(plain_tip(view.can.tip or tip))
        self.freeze.setEnabled(view.can.enabled and bool(view.layers))

    def _lay_out(self) -> None:
        rate = QWidget()
        row = QHBoxLayout(rate)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(QLabel(QCoreApplication.translate("Orders", "rate")))
        row.addWidget(self.rate)
        row.addWidget(self.buttons["tenth_rate"])
        flow = FlowLayout(GRID_PX, self)
        for widget in (rate, self.freeze, self.buttons["thaw"], self.buttons["save_now"]):
            flow.addWidget(widget)

    def _announce_rate(self) -> None:
        text = self.rate.text().strip()
        if text:
            self.rate.clear()
            self.rate_typed.emit(text)
