"""The window of the predictions, joined to the controller."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from alexnet_studio.studio.controller import Controller
from alexnet_studio.studio.panels.predictions import PredictionsDialog
from alexnet_studio.studio.theme import Theme


def joined_predictions(
    theme: Theme, controller: Controller, act: Callable[[str], None], parent: QWidget
) -> PredictionsDialog:
    """`act` triggers an action of the window by its name."""
    after, intents = controller.after, controller.predictions
    made = PredictionsDialog(theme, parent)
    made.intent.connect(act)
    made.closed.connect(after(partial(intents.set_open, False)))
    made.images_dropped.connect(after(intents.predict))
    made.selection_changed.connect(after(controller.select))
    made.thumbnails_wanted.connect(partial(controller.thumbnails.want, "predictions"))
    made.picked.thumbnails_wanted.connect(partial(controller.thumbnails.want, "predicted"))
    made.picked.neighbours_requested.connect(after(controller.neighbours.ask_one))
    made.grid.opened.connect(after(controller.neighbours.ask_one))
    made.threshold_picked.connect(after(intents.set_threshold))
    made.views.chosen.connect(after(intents.pick_views))
    made.piles.chosen.connect(after(intents.pick_pile))
    made.classes.chosen.connect(after(intents.pick_class))
    made.orders.chosen.connect(after(intents.pick_order))
    return made
