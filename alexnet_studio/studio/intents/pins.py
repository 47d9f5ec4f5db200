"""Pinning images: in the training that goes on, through its inbox, or for the next one."""

from __future__ import annotations

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.studio.desk import Actions, Desk
from alexnet_studio.studio.intents.orders import OrderIntents
from alexnet_studio.studio.showing import pins as view_pins


class PinIntents:
    def __init__(self, desk: Desk, orders: OrderIntents) -> None:
        self._desk = desk
        self._orders = orders

    @property
    def actions(self) -> Actions:
        return {"pin_image": self.pin_asked}

    def pin_asked(self) -> None:
        """The image that was asked about, or is selected."""
        image = view_pins.asked(self._desk.state)
        if image is not None:
            self.pin(image)

    def pin(self, image: str) -> None:
        """Raises `BadInput` ("cannot_pin") where that cannot be now."""
        view = view_pins.can_pin(self._desk.state, image)
        if not view.enabled:
            raise BadInput("cannot_pin", "{image} cannot be pinned. {reason}", image=image, reason=view.tip)
        if view_pins.trains(self._desk.state):
            self._orders.send("pin", image=image)
        else:
            past = self._desk.state.past
            past.wanted = (*past.wanted, image)

    def unpin(self, image: str) -> None:
        past = self._desk.state.past
        if image in past.wanted:
            past.wanted = tuple(one for one in past.wanted if one != image)
        elif image in view_pins.held(self._desk.state):
            self._orders.send("unpin", image=image)

    def toggle(self, image: str) -> None:
        if image in view_pins.held(self._desk.state):
            self.unpin(image)
        else:
            self.pin(image)
