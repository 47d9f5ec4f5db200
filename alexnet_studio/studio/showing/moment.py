"""The moment of a training that a person looks at: which epoch that is, in words and as a place on the curves."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from alexnet_studio.runs.curves import Axis
from alexnet_studio.studio import wording
from alexnet_studio.studio.state.run import RunState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.moment import MomentView


def view_moment(state: State) -> MomentView:
    run = state.run
    if run is None:
        return MomentView()
    return MomentView(text(state), _place(run, state.shown_step, axis_of(state, run)))


def text(state: State) -> str:
    """Empty while the newest moment is looked at."""
    run, step = state.run, state.shown_step
    if run is None or step is None:
        return ""
    epoch = shown_epoch(state)
    if epoch is None:
        sentence = QCoreApplication.translate("Moment", "Step {step}, before the first epoch has ended")
        return sentence.format(step=wording.count(step))
    total = max(epoch, run.current_epoch, 0 if run.started is None else run.started.epochs)
    sentence = QCoreApplication.translate("Moment", "Epoch {epoch} of {total} (validation)")
    return sentence.format(epoch=wording.count(epoch), total=wording.count(total))


def shown_epoch(state: State) -> int | None:
    """The last epoch that had ended at the moment that is looked at (counted from 1); None before the first."""
    run = state.run
    if run is None or not len(run.curves.epochs):
        return None
    epochs, steps = run.curves.epochs["epoch"], run.curves.epochs["step"]
    place = len(steps) if state.shown_step is None else int(np.searchsorted(steps, state.shown_step, "right"))
    return int(epochs[place - 1]) if place else None


def axis_of(state: State, run: RunState) -> Axis:
    """What the curves are drawn over."""
    axis: Axis = state.curves.look.axis
    return axis if run.curves.knows(axis) else "step"


def step_at(run: RunState, axis: Axis, x: float, reach: float) -> int | None:
    """The logged step nearest to the place `x`, or the end of an epoch that lies within `reach` of it; None behind the
    last of both, where the newest moment is.
    """
    found = [
        (curve[0], steps)
        for curve, steps in (
            (run.curves.of_epochs("val_loss", axis), run.curves.epochs["step"]),
            (run.curves.of_steps("loss", axis), run.curves.steps["step"]),
        )
        if len(curve[0])
    ]
    if not found or x > max(float(places[-1]) for places, _ in found) + reach:
        return None
    best: tuple[float, float] | None = None
    for (places, steps), bonus in zip(found, (reach, 0.0), strict=False):
        index = int(np.searchsorted(places, x))
        near = [i for i in (index - 1, index) if 0 <= i < len(places)]
        nearest = min(near, key=lambda i: abs(float(places[i]) - x))
        apart = max(0.0, abs(float(places[nearest]) - x) - bonus)
        if best is None or apart < best[0]:
            best = (apart, float(steps[nearest]))
    return None if best is None else int(best[1])


def _place(run: RunState, step: int | None, axis: Axis) -> float | None:
    if step is None:
        ends = [curve[0][-1] for curve in (run.curves.of_steps("loss", axis),) if len(curve[0])]
        return float(ends[0]) if ends else None
    places = run.curves.place(np.array([float(step)]), axis)
    return None if places is None or not len(run.curves.steps) else float(places[0])
