"""Several runs in one plot, each in its colour: training thin, validation thick."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from alexnet_studio.runs.curves import Axis, LayerSize
from alexnet_studio.runs.several_curves import band
from alexnet_studio.studio.showing import curve_words
from alexnet_studio.studio.state.curves import OverlaidRun
from alexnet_studio.studio.views.curves import CurveKey, CurveLook, CurvesView, PlotView, TraceView

Group = tuple[OverlaidRun, ...]


def overlay(runs: Sequence[OverlaidRun], look: CurveLook) -> CurvesView:
    """Only the plots and the legend of the runs are filled in."""
    axis: Axis = look.axis if all(run.curves.knows(look.axis) for run in runs) else "step"
    seeds = _groups(runs)
    groups = seeds if look.mean else [(run,) for run in runs]
    return CurvesView(
        look=look,
        runs=tuple(_key(number, group) for number, group in enumerate(groups)),
        loss=_plot(curve_words.loss(), ("loss", "train_loss", "val_loss"), groups, look, axis),
        error=_plot(curve_words.error(), ("top1", "train_top1", "val_top1"), groups, look, axis),
        below=_below(groups, look, axis),
        can_mean=len(seeds) < len(runs),
    )


def _groups(runs: Sequence[OverlaidRun]) -> list[Group]:
    """Runs that differ in their seed only, in the order of their first."""
    found: dict[str, Group] = {}
    for run in runs:
        key = run.group or str(run.path)
        found[key] = (*found.get(key, ()), run)
    return list(found.values())


def _key(number: int, group: Group) -> CurveKey:
    name = group[0].path.name
    if len(group) == 1:
        return CurveKey(name, run=number, tip=str(group[0].path))
    text = QCoreApplication.translate("Training", "{name} and {n} more, mean")
    tip = QCoreApplication.translate(
        "Training", "The mean of {names}; the band is from the lowest to the highest of them."
    )
    names = ", ".join(run.path.name for run in group)
    return CurveKey(text.format(name=name, n=len(group) - 1), run=number, tip=tip.format(names=names))


def _plot(
    title: str, columns: tuple[str, str, str], groups: Sequence[Group], look: CurveLook, axis: Axis
) -> PlotView:
    """`columns`: of the steps, and of the epochs for training and validation."""
    of_steps, train, val = columns
    keys = (CurveKey(curve_words.training(), thin=True), CurveKey(curve_words.validation()))
    traces: list[TraceView] = []
    for number, group in enumerate(groups):
        if look.mean:
            traces.append(_mean(0, number, group, train, axis))
        else:
            traces.append(TraceView(0, *group[0].curves.of_steps(of_steps, axis), smooth=True, run=number))
        traces.append(_mean(1, number, group, val, axis))
    return PlotView(title, keys, tuple(traces))


def _mean(key: int, number: int, group: Group, column: str, axis: Axis) -> TraceView:
    """At the ends of the epochs."""
    if len(group) == 1:
        return TraceView(key, *group[0].curves.of_epochs(column, axis), run=number)
    found = band([run.curves for run in group], column, axis)
    return TraceView(key, found.x, found.mean, run=number, low=found.low, high=found.high)


def _below(groups: Sequence[Group], look: CurveLook, axis: Axis) -> PlotView:
    if not look.below:
        return PlotView()
    if look.layers:
        return _first_layers(groups, look.layers, axis)
    traces = (
        TraceView(0, *run.curves.of_steps(look.below, axis), smooth=look.below == "speed", run=number)
        for number, group in enumerate(groups)
        for run in group
    )
    return PlotView(curve_words.below(look.below), (CurveKey(curve_words.training()),), tuple(traces))


def _first_layers(groups: Sequence[Group], size: LayerSize, axis: Axis) -> PlotView:
    """Eight lines a run would be a tangle; what a gradient has become on its way back is seen in the first layer."""
    traces = (
        TraceView(0, *next(iter(found.values())), run=number)
        for number, group in enumerate(groups)
        for run in group
        if (found := run.curves.of_layers(size, axis))
    )
    return PlotView(curve_words.first_layer(size), (CurveKey(curve_words.training()),), tuple(traces))
