"""How curves are drawn, and the runs beside the one on the screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from alexnet_studio.runs.curves import Curves
from alexnet_studio.studio.views.curves import CurveLook


@dataclass(frozen=True, slots=True)
class OverlaidRun:
    """Another run beside the one on the screen. Runs of the same `group` differ in their seed only."""

    path: Path
    group: str
    curves: Curves = field(compare=False)


@dataclass(frozen=True, slots=True)
class RunChoice:
    path: Path
    about: str


@dataclass(slots=True)
class CurveState:
    """How curves are drawn, and what other runs are drawn with them. `choosing` counts how often a person asked."""

    look: CurveLook = field(default_factory=CurveLook)
    choices: tuple[RunChoice, ...] = ()
    choosing: int = 0
    runs: tuple[OverlaidRun, ...] = ()
    version: int = 0
