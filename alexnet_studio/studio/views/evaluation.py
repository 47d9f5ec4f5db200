"""What the Evaluation panel shows, as frozen values made by `view_evaluation`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.studio.views.data import LabelEditing
from alexnet_studio.studio.views.neighbours import BarView
from alexnet_studio.studio.views.parts import ActionView, EmptyView, Pixels, Selection


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A class: the columns' texts, what they are sorted by, and its share of right images."""

    label: int
    cells: tuple[str, ...]
    keys: tuple[str | float, ...]
    share: float


@dataclass(frozen=True, slots=True)
class MatrixView:
    """`cells` (classes, classes) are compared by `version` alone."""

    version: int = 0
    classes: tuple[str, ...] = ()
    cells: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 0), np.int64), compare=False)


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """`bins` are (low, high, share that is right or None); `curve` the accuracy over the share that is answered, and
    `point` the threshold's place on it, or None.
    """

    bins: tuple[tuple[float, float, float | None], ...] = ()
    curve: tuple[tuple[float, float], ...] = ()
    point: tuple[float, float] | None = None
    threshold: float = 0.8
    error: str = ""
    unsure: str = ""


@dataclass(frozen=True, slots=True)
class ViewTile:
    caption: str
    answer: str
    agrees: bool | None
    pixels: Pixels = field(compare=False)


@dataclass(frozen=True, slots=True)
class TenView:
    """`tiles` are the ten views, `bars` the averaged answer; `text` names the image or says what to do."""

    text: str = ""
    tiles: tuple[ViewTile, ...] = ()
    bars: tuple[BarView, ...] = ()
    look: ActionView = field(default_factory=ActionView)


@dataclass(frozen=True, slots=True)
class ListView:
    """The images that are listed; `filters` are (value, label) of what can be, "" for a cell of the matrix."""

    filters: tuple[tuple[str, str], ...] = ()
    filter: str = ""
    found: str = ""
    images: tuple[str, ...] = ()
    captions: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)
    version: int = 0
    title: str = ""  # of the selected image
    bars: tuple[BarView, ...] = ()
    editing: LabelEditing = field(default_factory=LabelEditing)


@dataclass(frozen=True, slots=True)
class EvaluationView:
    """`numbers` are (caption, value). `empty` where there is nothing to evaluate."""

    empty: EmptyView | None = None
    sources: tuple[tuple[str, str], ...] = ()
    source: str = ""
    views: tuple[tuple[str, str], ...] = ()
    chosen_views: str = ""
    evaluate: ActionView = field(default_factory=ActionView)
    predict: ActionView = field(default_factory=ActionView)
    busy: str = ""
    moment: str = ""  # which earlier one is shown
    title: str = ""
    outdated: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    rows: tuple[ScoreRow, ...] = ()
    matrix: MatrixView = MatrixView()
    calibration: CalibrationView = CalibrationView()
    ten: TenView = TenView()
    images: ListView = ListView()
    selection: Selection = field(default_factory=Selection)
