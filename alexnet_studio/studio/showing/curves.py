"""The curves as they are drawn: of one run its loss and errors, of several each in its colour, or means in bands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QCoreApplication

from alexnet_studio.runs.curves import AXES, Axis, Curve, Curves, LayerSize
from alexnet_studio.studio.showing import curve_words
from alexnet_studio.studio.showing import overlay as view_overlay
from alexnet_studio.studio.showing.moment import view_moment
from alexnet_studio.studio.state.curves import OverlaidRun
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.curves import CurveKey, CurveLook, CurvesView, PlotView, TraceView

_UNLIKE = 0.02  # where all classes have equally many images, balanced and plain accuracy are the same


def view_curves(state: State) -> CurvesView:
    own = state.run
    if own is None:
        return CurvesView(look=state.curves.look)
    others = state.curves.runs
    if others:
        runs = (OverlaidRun(own.path, own.group, own.curves), *others)
        view = view_overlay.overlay(runs, state.curves.look)
    else:
        view = one_run(own.curves, state.curves.look)
    paths = {run.path for run in others}
    look = state.curves.look
    return CurvesView(
        version=own.curves_version + 1_000_000 * state.curves.version,
        look=look,
        axes=_axes([own.curves, *(run.curves for run in others)]),
        axis_tip=_axis_tip([own.curves, *(run.curves for run in others)]),
        runs=view.runs,
        loss=view.loss,
        error=view.error,
        below=view.below,
        choices=tuple(
            (str(choice.path), choice.path.name, choice.about, choice.path in paths)
            for choice in state.curves.choices
        ),
        choosing=state.curves.choosing,
        can_mean=view.can_mean,
        moment=view_moment(state),
    )


def one_run(curves: Curves, look: CurveLook) -> CurvesView:
    """Only the plots are filled in."""
    axis: Axis = look.axis if curves.knows(look.axis) else "step"
    return CurvesView(
        look=look, loss=_loss(curves, axis), error=_error(curves, axis), below=_below(curves, look, axis)
    )


def _loss(curves: Curves, axis: Axis) -> PlotView:
    keys = [CurveKey(curve_words.training(), "training"), CurveKey(curve_words.validation(), "validation")]
    traces = [
        _trace(0, curves.of_steps("loss", axis), smooth=True),
        _trace(1, curves.of_epochs("val_loss", axis)),
    ]
    places = curves.place(np.array([float(mark.step) for mark in curves.marks]), axis)
    marks = (
        ()
        if places is None
        else tuple(zip(places.tolist(), (mark.text for mark in curves.marks), strict=True))
    )
    if marks:
        keys.append(CurveKey(QCoreApplication.translate("Training", "notes"), tick=True))
    return PlotView(curve_words.loss(), tuple(keys), tuple(traces), marks)


def _error(curves: Curves, axis: Axis) -> PlotView:
    top1 = QCoreApplication.translate("Training", "top-1 {what}")
    topk = QCoreApplication.translate("Training", "top-{k} {what}")
    keys = [
        CurveKey(top1.format(what=curve_words.training()), "training"),
        CurveKey(top1.format(what=curve_words.validation()), "validation"),
        CurveKey(topk.format(k=curves.k, what=curve_words.training()), "training", thin=True),
        CurveKey(topk.format(k=curves.k, what=curve_words.validation()), "validation", thin=True),
    ]
    traces = [
        _trace(0, curves.of_steps("top1", axis), smooth=True),
        _trace(1, curves.of_epochs("val_top1", axis)),
        _trace(2, curves.of_steps("top5", axis), smooth=True),
        _trace(3, curves.of_epochs("val_top5", axis)),
    ]
    if _is_imbalanced(curves):
        text = QCoreApplication.translate("Training", "balanced validation")
        tip = QCoreApplication.translate(
            "Training",
            "Top-1 error as the mean over the classes that have validation images, each with equal weight.",
        )
        keys.append(CurveKey(text, "accent", tip=tip))
        traces.append(_trace(4, curves.of_epochs("val_balanced", axis)))
    return PlotView(curve_words.error(), tuple(keys), tuple(traces))


def _is_imbalanced(curves: Curves) -> bool:
    apart = np.abs(curves.epochs["val_balanced"] - curves.epochs["val_top1"])
    return bool((apart > _UNLIKE).any())  # NaN is not


def _below(curves: Curves, look: CurveLook, axis: Axis) -> PlotView:
    if not look.below:
        return PlotView()
    if look.layers:
        return _layers(curves, look.layers, axis)
    trace = _trace(0, curves.of_steps(look.below, axis), smooth=look.below == "speed")
    return PlotView(curve_words.below(look.below), (CurveKey(curve_words.training(), "training"),), (trace,))


def _layers(curves: Curves, size: LayerSize, axis: Axis) -> PlotView:
    """A line for each layer, in the colours of runs."""
    found = curves.of_layers(size, axis)
    keys = tuple(CurveKey(name, run=number) for number, name in enumerate(found))
    traces = tuple(TraceView(number, *curve, run=number) for number, curve in enumerate(found.values()))
    return PlotView(curve_words.below(size), keys, traces)


def _trace(key: int, curve: Curve, *, smooth: bool = False) -> TraceView:
    return TraceView(key, *curve, smooth=smooth)


def _axes(runs: Sequence[Curves]) -> tuple[tuple[str, str], ...]:
    return tuple((axis, _axis_label(axis)) for axis in AXES if all(run.knows(axis) for run in runs))


def _axis_tip(runs: Sequence[Curves]) -> str:
    """Why one of the axes cannot be chosen."""
    if all(run.knows("time") for run in runs):
        return ""
    return QCoreApplication.translate(
        "Training", "The log of an older version has no time before its first epoch has ended."
    )


def _axis_label(axis: Axis) -> str:
    return {
        "step": QCoreApplication.translate("Training", "steps"),
        "epoch": QCoreApplication.translate("Training", "epochs"),
        "time": QCoreApplication.translate("Training", "time"),
    }[axis]
