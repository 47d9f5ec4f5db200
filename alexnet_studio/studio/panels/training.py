"""The Training panel: what will be trained and how, the curves while it is, and the four buttons."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.panels.order_row import OrderRow
from alexnet_studio.studio.panels.recipe_chooser import Advice, device_chooser, network_chooser
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.curves import CurvesView
from alexnet_studio.studio.views.parts import ActionView
from alexnet_studio.studio.views.training import TrainingView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.fold import Fold
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.stage import Stage

if TYPE_CHECKING:
    from alexnet_studio.studio.panels.curves_area import CurvesArea
    from alexnet_studio.studio.panels.recipe_page import RecipePage

_NO_LIMIT_PX = 16_777_215  # Qt's own
_ROOM_FOR_BOTH_PX = 560  # in less, an open recipe takes the curves' place


class TrainingPanel(QWidget):
    """`build_curves` is called after the first paint, because it imports pyqtgraph."""

    intent = Signal(str)
    selection_changed = Signal(object)
    recipe_edited = Signal(str, object)
    network_picked = Signal(str)
    recipe_picked = Signal(str)
    remedy_requested = Signal(str)
    export_requested = Signal(str, str)
    look_picked = Signal(str, object)
    overlay_requested = Signal(object)
    moment_picked = Signal(float, float)
    epochs_stepped = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = TrainingView()
        self._drawn: CurvesView | None = None
        self.curves: CurvesArea | None = None
        self.page: RecipePage | None = None
        self.network = network_chooser()
        self.network.chosen.connect(self.network_picked)
        self.device = device_chooser()
        self.device.chosen.connect(partial(self.recipe_edited.emit, "device"))
        self.buttons = self._made_buttons()
        self.orders = OrderRow(theme)
        self.advice = Advice(theme)
        self.advice.remedy_requested.connect(self.remedy_requested)
        self.message = PlainLabel(theme)
        self.accuracy = PlainLabel(theme, "quiet")
        self._place = QWidget()
        self._place_column = QVBoxLayout(self._place)
        self._place_column.setContentsMargins(0, 0, 0, 0)
        self.stage = Stage(theme, self._place)
        self.stage.intent.connect(self.intent)
        self.recipe = Fold(theme, QCoreApplication.translate("Training", "Recipe"), self._made_form)
        self.recipe.toggled.connect(self._on_recipe_toggled)
        self._lay_out()

    def build_curves(self) -> None:
        """Once; further calls do nothing."""
        if self.curves is None:
            from alexnet_studio.studio.panels.curves_area import CurvesArea

            self.curves = CurvesArea(self._theme)
            self.curves.save_requested.connect(partial(self.export_requested.emit, "curves"))
            tools = self.curves.tools
            tools.look_picked.connect(self.look_picked)
            tools.choices_wanted.connect(partial(self.intent.emit, "choose_runs"))
            tools.overlay_requested.connect(self.overlay_requested)
            self.curves.moment.now_wanted.connect(partial(self.intent.emit, "show_now"))
            for plot in self.curves.plots():
                plot.moment.picked.connect(self.moment_picked)
                plot.moment.stepped.connect(self.epochs_stepped)
                plot.moment.left.connect(partial(self.intent.emit, "show_now"))
            self._place_column.addWidget(self.curves)
            self._show_curves()

    def show_view(self, view: TrainingView) -> None:
        self._view = view
        self.stage.show_empty(view.empty)
        self._show_buttons(view)
        recipe = view.recipe
        choices = tuple((choice.name, choice.title) for choice in recipe.networks)
        self.network.show_choices(choices, recipe.network)
        self.device.show_choices(recipe.devices, recipe.device)
        for chooser in (self.network, self.device):
            chooser.setEnabled(recipe.enabled and chooser.count() > 0)
            chooser.setVisible(not view.orders.shown)  # nothing to choose then, and the curves need the room
        self.orders.show_view(view.orders)
        self.advice.show_view(recipe)
        self.message.set_text(view.message)
        self.accuracy.set_text(view.accuracy)
        self.recipe.set_summary("" if self.recipe.is_open() else recipe.summary)
        self.recipe.setVisible(bool(recipe.values))
        if self.page is not None:
            self.page.show_view(recipe)
        self._open_on_error()
        self._show_curves()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_stage()

    def copy(self) -> None:
        if self.curves is not None:
            self.curves.actions_of.copy()

    def _made_buttons(self) -> dict[str, Button]:
        made: dict[str, Button] = {}
        for name, icon, text in (
            ("start", "play", QCoreApplication.translate("Training", "Start")),
            ("pause", "pause", QCoreApplication.translate("Training", "Pause")),
            ("stop", "stop", QCoreApplication.translate("Training", "Stop")),
            ("resume", "resume", QCoreApplication.translate("Training", "Resume")),
        ):
            role = "primary" if name == "start" else ""
            made[name] = Button(
                self._theme, text, icon=icon, role=role, on_click=lambda chosen=name: self.intent.emit(chosen)
            )
            made[name].setEnabled(False)
        return made

    def _made_form(self) -> QWidget:
        # Made when it is first opened: most sessions train by the proposed recipe.
        from alexnet_studio.studio.panels.recipe_page import RecipePage

        self.page = RecipePage(self._theme)
        self.page.edited.connect(self.recipe_edited)
        self.page.recipe_picked.connect(self.recipe_picked)
        self.page.show_view(self._view.recipe)
        self.page.form.setMinimumHeight(14 * GRID_PX)
        return self.page

    def _lay_out(self) -> None:
        top = FlowLayout(GRID_PX)
        for widget in (self.network, self.device, *self.buttons.values()):
            top.addWidget(widget)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        self._column.setSpacing(GRID_PX)
        self._column.addLayout(top)
        for widget in (self.orders, self.advice, self.message, self.accuracy):
            self._column.addWidget(widget)
        self._column.addWidget(self.stage, 1)
        self._column.addWidget(self.recipe, 0)

    def _show_buttons(self, view: TrainingView) -> None:
        actions: dict[str, ActionView] = {
            "start": view.start,
            "pause": view.pause,
            "stop": view.stop,
            "resume": view.resume,
        }
        for name, action in actions.items():
            self.buttons[name].set_state(enabled=action.enabled, text=action.text, tip=action.tip)

    def _show_curves(self) -> None:
        if self.curves is not None and self._view.curves != self._drawn:
            self._drawn = self._view.curves
            self.curves.show_view(self._view.curves)

    def _open_on_error(self) -> None:
        # A wrong field that nobody can see would be a riddle.
        if self._view.recipe.errors and not self.recipe.is_open():
            self.recipe.set_open(True)

    def _on_recipe_toggled(self, open_: bool) -> None:
        self.recipe.set_summary("" if open_ else self._view.recipe.summary)
        self._column.setStretchFactor(self.recipe, 2 if open_ else 0)
        self._fit_stage()

    def _fit_stage(self) -> None:
        is_open, height = self.recipe.is_open(), self.height()
        self.stage.setVisible(not is_open or height >= _ROOM_FOR_BOTH_PX)
        # The layout would give the curves what they like, and the form its least.
        most = max(self.stage.minimumSizeHint().height(), height * 2 // 5)
        self.stage.setMaximumHeight(most if is_open else _NO_LIMIT_PX)
