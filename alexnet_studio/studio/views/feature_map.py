"""What the Map panel shows, as a frozen value made by `view_feature_map`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.studio.views.parts import ActionView, EmptyView, Pixels, Selection


@dataclass(frozen=True, slots=True)
class PointsView:
    """Point i is the image `paths[i]` of class `labels[i]`, at `places[i]`; its picture is row `rows[i]` of `pictures`.

    Compared by `version` alone.
    """

    version: int = 0
    places: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 2), np.float32), compare=False)
    labels: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64), compare=False)
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64), compare=False)
    paths: tuple[str, ...] = field(default=(), compare=False)
    classes: tuple[str, ...] = field(default=(), compare=False)
    pictures: Pixels | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Mistakes:
    """What an evaluation says of the map's images: it judged `judged` of them, and `taken_for` has, for each point that
    was mistaken, the class that it was taken for. `mistaken` (n,).
    """

    judged: int
    mistaken: NDArray[np.bool_]
    taken_for: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class FeatureMapView:
    """`near` are the neighbours of the selected image. `mend`: what takes the badge `outdated` away, `mend_intent`.

    `hidden` are the classes that are not drawn, `only`: of the others the `mistakes` alone. `switch` is what turns
    that on.
    """

    empty: EmptyView | None = None
    title: str = ""
    outdated: str = ""
    mend: ActionView = field(default_factory=ActionView)
    mend_intent: str = ""
    busy: str = ""
    methods: tuple[tuple[str, str], ...] = ()
    method: str = ""
    points: PointsView = PointsView()
    hidden: frozenset[int] = frozenset()
    mistakes: Mistakes | None = None
    only: bool = False
    switch: ActionView = field(default_factory=ActionView)
    near: tuple[str, ...] = ()
    selection: Selection = field(default_factory=Selection)
