"""What the window of the predictions shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from alexnet_studio.studio.views.neighbours import BarView
from alexnet_studio.studio.views.parts import ActionView, EmptyView, Selection

Choices = tuple[tuple[str, str], ...]  # (value, label)


@dataclass(frozen=True, slots=True)
class PredictedView:
    """One image: its five bars, or in `error` why there are none. `alone`: a row for each of the ten views, with what
    it alone was taken for and how surely.
    """

    name: str = ""
    path: str = ""
    bars: tuple[BarView, ...] = ()
    verdict: str = ""
    error: str = ""
    alone: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PredictionsView:
    """`calls` grows whenever the window is to come before the person. `curve` is the accuracy on validation images
    over the share that is answered, `point` the threshold's place on it.
    """

    calls: int = 0
    empty: EmptyView | None = None
    title: str = ""
    busy: str = ""
    notice: str = ""
    views: Choices = ()
    chosen_views: str = ""
    piles: Choices = ()
    pile: str = ""
    classes: Choices = ()
    class_name: str = ""
    orders: Choices = ()
    order: str = ""
    threshold: float = 0.8
    sure: str = ""
    expected: str = ""
    curve: tuple[tuple[float, float], ...] = ()
    point: tuple[float, float] | None = None
    images: tuple[str, ...] = field(default=(), compare=False)
    captions: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)
    version: int = 0
    picked: PredictedView = PredictedView()
    plan: str = ""
    save: ActionView = field(default_factory=ActionView)  # all three ways
    selection: Selection = field(default_factory=Selection)
