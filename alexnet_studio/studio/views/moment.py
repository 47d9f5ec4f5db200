"""The moment of a training that is looked at, and what is known of pinned images then."""

from __future__ import annotations

from dataclasses import dataclass, field

from alexnet_studio.studio.views.neighbours import AnswerView
from alexnet_studio.studio.views.parts import ActionView, EmptyView


@dataclass(frozen=True, slots=True)
class MomentView:
    """`text` names the moment ("Epoch 7 of 12 (validation)"), empty while that is the newest. `place` is where it lies
    on the curves' x axis, the last place there for the newest, None without curves.
    """

    text: str = ""
    place: float | None = None


@dataclass(frozen=True, slots=True)
class PinView:
    """A pinned image then; `note` says why there is no answer. `image` is what unpins it."""

    image: str
    title: str
    answer: AnswerView
    note: str
    unpin: ActionView


@dataclass(frozen=True, slots=True)
class PinsView:
    """`moment` as in `MomentView`. `pin` is about the image that was asked about or is selected; `held` are those that
    are pinned, as the window names them, at most `most`; `tip` says why they cannot be changed now.
    """

    empty: EmptyView | None = None
    moment: str = ""
    title: str = ""
    pins: tuple[PinView, ...] = ()
    pin: ActionView = field(default_factory=ActionView)
    held: frozenset[str] = frozenset()
    can_change: bool = True
    most: int = 6
    tip: str = ""
