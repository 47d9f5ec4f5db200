"""What the curves show, and how a person wants them drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.runs.curves import LayerSize
from alexnet_studio.studio.views.moment import MomentView

Below = Literal["lr", "speed", "gradient", "update", "weight", "ratio", ""]


LAYER_SIZES: tuple[LayerSize, ...] = ("gradient", "update", "weight", "ratio")


@dataclass(frozen=True, slots=True)
class CurveLook:
    """How a person wants the curves drawn. `smoothing` in percent; `below` is the third plot, "" for none: the learning
    rate, the speed, or of each layer the size of its gradient, its update, its weights, or update over weight.
    """

    axis: Literal["step", "epoch", "time"] = "step"
    log: bool = False
    smoothing: int = 90
    below: Below = "lr"
    mean: bool = False

    @property
    def layers(self) -> LayerSize | None:
        """What of each layer the third plot shows."""
        return self.below if self.below in LAYER_SIZES else None


@dataclass(frozen=True, slots=True)
class CurveKey:
    """An entry of a plot's legend. `colour` is a field of `Colours`; from 0 on, `run` is a run's colour instead."""

    label: str
    colour: str = "quiet"
    thin: bool = False
    run: int = -1
    tip: str = ""
    tick: bool = False  # of the marks on the axis, not of a curve


@dataclass(frozen=True, slots=True, eq=False)
class TraceView:
    """A curve: x ascends, NaN in `y` is a gap. `key` is its entry in the legend, `run` the run's number or -1.

    With `low` and `high` it is a mean in its band.
    """

    key: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    smooth: bool = False
    run: int = -1
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class PlotView:
    title: str = ""
    keys: tuple[CurveKey, ...] = ()
    traces: tuple[TraceView, ...] = field(default=(), compare=False)
    marks: tuple[tuple[float, str], ...] = field(default=(), compare=False)  # x, what happened there


@dataclass(frozen=True, slots=True)
class CurvesView:
    """`version` grows when the curves changed: the arrays themselves are not compared.

    `axes` are (value, label) that can be chosen, `axis_tip` says why one cannot. `runs` are the legend of several
    runs, empty for one; `choices` are runs to compare with: (path, name, what is known of it, whether it is shown).
    """

    version: int = 0
    look: CurveLook = CurveLook()
    axes: tuple[tuple[str, str], ...] = ()
    axis_tip: str = ""
    runs: tuple[CurveKey, ...] = ()
    loss: PlotView = PlotView()
    error: PlotView = PlotView()
    below: PlotView = PlotView()
    choices: tuple[tuple[str, str, str, bool], ...] = ()
    choosing: int = 0  # grows when the choices were asked for anew
    can_mean: bool = False
    moment: MomentView = field(default_factory=MomentView)
