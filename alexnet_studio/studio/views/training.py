"""What the Training panel shows of a run."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from alexnet_studio.studio.views.curves import CurvesView
from alexnet_studio.studio.views.parts import ActionView, Curve, EmptyView
from alexnet_studio.studio.views.recipe import RecipeView

_NO_POINTS: Curve = (np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class OrdersView:
    """What can be changed while a training runs: `rate` is the present one, `layers` those to freeze up to."""

    shown: bool = False
    can: ActionView = field(default_factory=ActionView)
    rate: str = ""
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingView:
    empty: EmptyView | None = None
    orders: OrdersView = OrdersView()
    recipe: RecipeView = field(default_factory=RecipeView)
    start: ActionView = field(default_factory=ActionView)
    pause: ActionView = field(default_factory=ActionView)
    stop: ActionView = field(default_factory=ActionView)
    resume: ActionView = field(default_factory=ActionView)
    loss_train: Curve = field(default=_NO_POINTS, compare=False)  # over steps
    loss_val: Curve = field(default=_NO_POINTS, compare=False)
    top1_train: Curve = field(default=_NO_POINTS, compare=False)  # errors, 0..1
    top1_val: Curve = field(default=_NO_POINTS, compare=False)
    top5_train: Curve = field(default=_NO_POINTS, compare=False)
    top5_val: Curve = field(default=_NO_POINTS, compare=False)
    curves: CurvesView = field(default_factory=CurvesView)
    k: int = 5
    message: str = ""  # the run's last note or how it ended
    accuracy: str = ""  # "9 of 12 right (75 %, 95 % interval 43–95 %)" where validation images are few
