"""What can be told to the training on the screen while it runs, and the reason where nothing can."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.state.run import Phase
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import ActionView
from alexnet_studio.studio.views.training import OrdersView

NAMES = ("set_rate", "tenth_rate", "freeze", "thaw", "save_now")


def why_not(state: State) -> str:
    run = state.run
    if run is None or not (run.live or run.elsewhere):
        return QCoreApplication.translate("Orders", "No training is running.")
    if run.phase is Phase.PAUSED:
        return QCoreApplication.translate("Orders", "The training is paused. Resume it first.")
    if run.phase is Phase.STOPPING:
        return QCoreApplication.translate("Orders", "The training is stopping.")
    if run.started is None:
        return QCoreApplication.translate("Orders", "The training has not begun to learn yet.")
    if state.working(JobKind.TELL):
        return QCoreApplication.translate("Orders", "The training has not answered the last request yet.")
    return ""


def action_views(state: State) -> tuple[tuple[str, ActionView], ...]:
    reason = why_not(state)
    view = ActionView(not reason, tip=reason)
    return tuple((name, view) for name in NAMES)


def view_orders(state: State) -> OrdersView:
    """Nothing to see where nothing trains: the menu says why."""
    run = state.run
    if run is None or not (run.live or run.elsewhere):
        return OrdersView()
    reason = why_not(state)
    return OrdersView(
        shown=True,
        can=ActionView(not reason, tip=reason),
        rate="" if run.step is None else f"{run.step.lr:.4g}",
        layers=run.layers[:-1],
    )
