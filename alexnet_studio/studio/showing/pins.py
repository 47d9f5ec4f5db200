"""What the strip of pinned images shows: of each what the network made of it at the moment that is looked at."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.showing import moment, orders
from alexnet_studio.studio.showing.answers import view_answer
from alexnet_studio.studio.state.neighbours import Answer
from alexnet_studio.studio.state.past import PastSeen, PinSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.moment import PinsView, PinView
from alexnet_studio.studio.views.parts import ActionView, EmptyView

MOST = 6


def view_pins(state: State) -> PinsView:
    seen = seen_of(state)
    epoch = _epoch(state, seen)
    shown = [] if seen is None else [pin for pin in seen.pins if pin.held or epoch in pin.answers]
    reason = orders.why_not(state) if trains(state) else ""
    pins = (
        *(_pin(state, pin, epoch) for pin in shown[: 2 * MOST]),
        *(_wanted(state, image) for image in state.past.wanted),
    )
    return PinsView(
        empty=None if pins else _empty(state),
        moment=moment.text(state),
        title=_title(state, shown, epoch),
        pins=pins,
        pin=can_pin(state, asked(state)),
        held=held(state),
        can_change=not reason,
        most=MOST,
        tip=reason,
    )


def _epoch(state: State, seen: PastSeen | None) -> int | None:
    """That of the moment that is looked at; of the newest moment the last one that was read, which comes a little later
    than its end: short epochs would never be shown otherwise, and long ones would go blank.
    """
    epoch = moment.shown_epoch(state)
    if seen is None or state.shown_step is not None or not trains(state):
        return epoch
    return max((known for pin in seen.pins if pin.held for known in pin.answers), default=epoch)


def _empty(state: State) -> EmptyView:
    sentence = QCoreApplication.translate(
        "Pins",
        "Up to six images whose classes and nearest training images are kept at the end of each epoch, "
        "to see them change along the curve. Pin one in the Data panel or from an answer.",
    )
    if state.dataset is None:
        return EmptyView(sentence, QCoreApplication.translate("Pins", "Open the example"), "open_example")
    image = asked(state)
    if image is None or not can_pin(state, image).enabled:
        return EmptyView(sentence, "", "")
    text = QCoreApplication.translate("Pins", "Pin {image}")
    return EmptyView(sentence, text.format(image=image.replace("\\", "/").rsplit("/", 1)[-1]), "pin_image")


def seen_of(state: State) -> PastSeen | None:
    """What was read of the run on the screen."""
    seen, run = state.past.seen, state.run
    return None if seen is None or run is None or seen.path != run.path else seen


def held(state: State) -> frozenset[str]:
    """The images that are pinned: in the training that goes on, else those for the next one."""
    seen = seen_of(state)
    if trains(state):
        return frozenset(() if seen is None else (pin.image for pin in seen.pins if pin.held))
    return frozenset(state.past.wanted)


def can_pin(state: State, image: str | None) -> ActionView:
    text = QCoreApplication.translate("Pins", "Pin")
    tip = QCoreApplication.translate(
        "Pins", "Keep its classes and its nearest training images at the end of each epoch"
    )
    if image is None:
        reason = QCoreApplication.translate("Pins", "Ask about an image, or select one in the Data panel.")
    elif image in held(state):
        reason = QCoreApplication.translate("Pins", "It is pinned.")
    elif len(held(state)) >= MOST:
        reason = QCoreApplication.translate("Pins", "Six images are pinned. Unpin one first.")
    elif trains(state):
        reason = orders.why_not(state)
    else:
        reason = ""
        tip = QCoreApplication.translate(
            "Pins",
            "In the next training, keep its classes and its nearest training images at the end of each epoch",
        )
    return ActionView(not reason, text, reason or tip)


def trains(state: State) -> bool:
    return state.run is not None and (state.run.live or state.run.elsewhere)


def asked(state: State) -> str | None:
    neighbours = state.neighbours
    if neighbours.current < len(neighbours.answers):
        answer = neighbours.answers[neighbours.current]
        return None if answer.error is not None else answer.path
    return state.selection.image


def _title(state: State, shown: list[PinSeen], epoch: int | None) -> str:
    if not shown:
        return QCoreApplication.translate("Pins", "Pinned for the next training") if state.past.wanted else ""
    when = QCoreApplication.translate("Pins", "before the first epoch’s end")
    if epoch is not None:
        when = QCoreApplication.translate("Pins", "epoch {epoch}").format(epoch=wording.count(epoch))
    searched = max(pin.searched for pin in shown)
    title = QCoreApplication.translate("Pins", "Pinned · {when}").format(when=when)
    if not searched:
        return title
    total = 0 if state.run is None else len(state.run.train_paths)
    if searched < total:
        text = QCoreApplication.translate("Pins", "nearest of {searched} of {total} training images")
    else:
        text = QCoreApplication.translate("Pins", "nearest of {searched} training images")
    return f"{title} · {text.format(searched=wording.count(searched), total=wording.count(total))}"


def _pin(state: State, pin: PinSeen, epoch: int | None) -> PinView:
    answer = None if epoch is None else pin.answers.get(epoch)
    note = ""
    if answer is None:
        note = QCoreApplication.translate("Pins", "It is looked at when the epoch ends.")
        known = sorted(pin.answers)
        if known and (epoch is None or epoch < known[0]):
            note = QCoreApplication.translate("Pins", "It was first looked at at the end of epoch {epoch}.")
            note = note.format(epoch=wording.count(known[0]))
        elif known or not trains(state):
            note = QCoreApplication.translate("Pins", "It was not looked at in this epoch.")
    shown = view_answer(state, answer or Answer(pin.image))
    unpin = _unpin(orders.why_not(state)) if pin.held and trains(state) else ActionView()
    return PinView(pin.image, _named(pin.image), shown, note, unpin)


def _wanted(state: State, image: str) -> PinView:
    note = QCoreApplication.translate("Pins", "It is looked at in the next training.")
    return PinView(image, _named(image), view_answer(state, Answer(image)), note, _unpin(""))


def _named(image: str) -> str:
    """With its folder where it lies among the run's images: many of these are called alike."""
    return Path(image).name if Path(image).is_absolute() else image


def _unpin(reason: str) -> ActionView:
    text = QCoreApplication.translate("Pins", "Unpin")
    return ActionView(not reason, text, reason or text)
