"""Between two steps: what the run's inbox asks for, and what was changed there before the run was interrupted."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Generator

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.runs import changes, diary
from alexnet_studio.runs.changes import Change
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.inbox import Inbox, Order
from alexnet_studio.training.keeping import Keeper
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.pinning import Pinboard
from alexnet_studio.training.plan import Remark

_INTERVAL_S = 0.2  # a person does not notice, and a folder on another machine is not asked at every step
_LARGEST_RATE = 10.0  # as in the recipe


class Listener:
    """`stopping` once somebody has asked to stop."""

    def __init__(self, run: RunFolder, learner: Learner, keeper: Keeper, pins: Pinboard) -> None:
        """What was changed up to the learner's step counts at once; later changes when their step has come."""
        self._run = run
        self._learner = learner
        self._keeper = keeper
        self._pins = pins
        self._inbox = Inbox(run.path)
        self._asked_at = -math.inf
        self._coming: list[Change] = []
        self.stopping = False
        for change in changes.read(run.path):
            if change.step <= learner.step:
                self._make(change)
            else:
                self._coming.append(change)

    def heard(self) -> Generator[Remark]:
        """Obey, and tell each thing that was done as a note."""
        while self._coming and self._coming[0].step <= self._learner.step:
            change = self._coming.pop(0)
            self._make(change)
            yield _CODES[change.kind], self._words(change)
        now = time.monotonic()
        if now - self._asked_at < _INTERVAL_S:
            return
        self._asked_at = now
        for order in self._inbox.take():
            yield from self._obeyed(order)

    def _obeyed(self, order: Order) -> Generator[Remark]:
        try:
            refusal, change = self._asked(order)
            if refusal:
                self._reply(order, done=False, sentence=refusal)
                return
            sentence = self._done(order, change)
        except StudioError as error:  # a full disk is no reason to stop learning
            self._reply(order, done=False, sentence=error.sentence)
            return
        with contextlib.suppress(StudioError):
            diary.append(self._run.path, sentence, step=self._learner.step)
        self._reply(order, done=True, sentence=sentence)
        yield _CODES[order.kind], sentence

    def _done(self, order: Order, change: Change | None) -> str:
        if change is not None:
            # Written first: what a crash leaves behind is never a change that nobody knows of.
            changes.add(self._run.path, change)
            self._coming.clear()
            self._make(change)
            return self._words(change)
        if order.kind == "stop":
            self.stopping = True
            return f"Stopped at step {self._learner.step:,}, as was asked."
        if self._keeper.keep_what_is_good():
            return f"Saved at step {self._learner.step:,}, as was asked."
        return "There is nothing to save yet."

    def _asked(self, order: Order) -> tuple[str, Change | None]:
        """Why it cannot be done, or the change that it means (None for "save" and "stop")."""
        learner, step = self._learner, self._learner.step
        scheduled = learner.scheduled_rate()
        if order.kind == "rate":
            if not 0 < order.value <= _LARGEST_RATE:
                return f"The learning rate must be larger than 0 and at most {_LARGEST_RATE:g}.", None
            if not scheduled:
                return "The schedule has come down to a rate of zero, which no factor raises.", None
            return "", Change(step, "rate", factor=order.value / scheduled)
        if order.kind == "divide":
            if not 1 <= order.value <= 1e6:
                return "The learning rate can be divided by 1 to 1,000,000.", None
            return "", Change(step, "rate", factor=learner.factor / order.value)
        if order.kind == "freeze":
            return self._freezing(order.layer)
        if order.kind == "pin":
            return "", self._pins.pinning(order.image, step)
        if order.kind == "unpin":
            return "", self._pins.unpinning(order.image, step)
        return "", Change(step, "thaw") if order.kind == "thaw" else None

    def _make(self, change: Change) -> None:
        if change.kind in {"pin", "unpin"}:
            self._pins.change(change)
        else:
            self._learner.change(change)

    def _freezing(self, layer: str) -> tuple[str, Change | None]:
        layers = self._learner.layers()
        if layer not in layers:
            return f"The network has no layer {layer}. Choose one of: {', '.join(layers)}.", None
        if layer == layers[-1]:
            return f"With {layer} all layers would be frozen, so nothing could be learned.", None
        return "", Change(self._learner.step, "freeze", layer=layer)

    def _words(self, change: Change) -> str:
        if change.kind == "rate":
            return f"The learning rate is {self._learner.next_rate():.6g} from step {change.step + 1:,} on."
        if change.kind == "freeze":
            return f"{change.layer} and all layers before it learn no more from step {change.step + 1:,} on."
        if change.kind == "pin":
            return f"{change.image} is looked at after each epoch, from epoch {self._learner.epoch + 1} on."
        if change.kind == "unpin":
            return f"{change.image} is looked at no more."
        return f"Every layer learns again from step {change.step + 1:,} on."

    def _reply(self, order: Order, *, done: bool, sentence: str) -> None:
        with contextlib.suppress(StudioError):
            self._inbox.reply(order, done=done, sentence=sentence)


_CODES = {
    "rate": "rate_changed",
    "divide": "rate_changed",
    "freeze": "layers_frozen",
    "thaw": "layers_thawed",
    "pin": "image_pinned",
    "unpin": "image_unpinned",
    "save": "saved_on_request",
    "stop": "stopped_on_request",
}
