"""Changes to a training while it runs, here or in another process: all of them go through the run's inbox."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs.inbox import Order
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import orders as order_jobs
from alexnet_studio.studio.jobs.orders import Answered
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing import orders as view_orders
from alexnet_studio.studio.state.window import Notice

if TYPE_CHECKING:
    from alexnet_studio.runs.inbox import Kind

WAIT_S = 60.0  # one step of a large network on a slow computer


class OrderIntents:
    def __init__(self, desk: Desk, obeyed: Callable[[], None]) -> None:
        """`obeyed` is called when an order was carried out."""
        self._desk = desk
        self._obeyed = obeyed
        self.wait_s = WAIT_S

    @property
    def actions(self) -> Actions:
        return {
            "set_rate": self._ask_for_rate,
            "tenth_rate": partial(self.send, "divide", 10.0),
            "freeze": self._ask_for_layer,
            "thaw": partial(self.send, "thaw"),
            "save_now": partial(self.send, "save"),
        }

    @property
    def listeners(self) -> Listeners:
        return {JobKind.TELL: Listener(self._on_told, self._on_finished)}

    def send(self, kind: Kind, value: float = 0.0, layer: str = "", image: str = "") -> None:
        """One order at a time: a second one would make the first one's answer stale."""
        state, run = self._desk.state, self._desk.state.run
        if run is None or view_orders.why_not(state):
            return
        path, wait_s, order = run.path, self.wait_s, Order(kind, value, layer, image)
        self._desk.start(JobKind.TELL, lambda: order_jobs.tell(path, order, wait_s))

    def set_rate(self, text: str) -> None:
        """As it was typed. Raises `BadInput` ("not_a_rate")."""
        try:
            value = float(text.strip().replace(",", "."))
        except ValueError:
            raise BadInput(
                "not_a_rate", "{text} is no learning rate. Give a number such as 0.001.", text=text.strip()
            ) from None
        self.send("rate", value)

    def freeze(self, layer: str) -> None:
        self.send("freeze", layer=layer)

    def stop_elsewhere(self) -> None:
        """After asking: somebody else may count on that training."""
        run = self._desk.state.run
        if run is not None:
            self._desk.dialogs.confirm_order_to_stop(
                run.path.name, self._desk.after(partial(self.send, "stop"))
            )

    def _ask_for_rate(self) -> None:
        run = self._desk.state.run
        if run is None or view_orders.why_not(self._desk.state):
            return
        self._desk.dialogs.ask_text(
            QCoreApplication.translate("Orders", "Change the learning rate"),
            QCoreApplication.translate(
                "Orders", "The rate from the next step on; the schedule goes on from it."
            ),
            "" if run.step is None else f"{run.step.lr:g}",
            self._desk.after(self.set_rate),
        )

    def _ask_for_layer(self) -> None:
        run = self._desk.state.run
        if run is None or view_orders.why_not(self._desk.state):
            return
        self._desk.dialogs.ask_choice(
            QCoreApplication.translate("Orders", "Freeze layers"),
            QCoreApplication.translate(
                "Orders", "The last layer that learns no more; all before it rest, too."
            ),
            run.layers[:-1],
            self._desk.after(self.freeze),
        )

    def _on_told(self, event: object) -> None:
        state = self._desk.state
        if isinstance(event, Answered) and state.run is not None and state.run.path == event.run:
            state.notice = Notice(event.sentence, is_error=not event.done)
            if event.done:
                self._obeyed()

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
