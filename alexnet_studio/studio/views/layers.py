"""What the Layers panel shows of one image."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.studio.views.parts import ActionView, EmptyView, Pixels, Selection

MapLook = Literal["global", "symmetric", "map"]


@dataclass(frozen=True, slots=True)
class UnitView:
    """The selected unit: `cell` is its number from 0 with the row and column of its map; `patches` (n, S, S, C) have a
    caption each, and a `remark` about all of them.
    """

    title: str
    facts: tuple[str, ...]
    cell: tuple[int, int, int]
    kernel: Pixels | None = field(default=None, compare=False)
    patches: Pixels | None = field(default=None, compare=False)
    captions: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PooledView:
    """`pictures` (n, S, S, 1) of one map before and after poolings, with a caption each."""

    title: str
    pictures: Pixels = field(compare=False)
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayersView:
    """One image in all layers: `tiles` (C, H, W) of the layer that is shown, or `bars` (n,) where it has no places.

    `sees` (top, left, bottom, right) is what the selected unit sees of `image`. `version` grows when arrays changed.
    """

    empty: EmptyView | None = None
    title: str = ""
    note: str = ""
    busy: str = ""
    layers: tuple[tuple[str, str], ...] = ()
    layer: str = ""
    looks: tuple[tuple[str, str], ...] = ()
    look: MapLook = "global"
    tiles: Pixels | None = field(default=None, compare=False)
    bars: NDArray[np.float32] | None = field(default=None, compare=False)
    version: int = 0
    image: Pixels | None = field(default=None, compare=False)
    sees: tuple[int, int, int, int] | None = None
    methods: tuple[tuple[str, str], ...] = ()
    method: str = ""
    classes: tuple[tuple[str, str], ...] = ()
    label: str = ""
    verdict: str = ""
    unit: UnitView | None = None
    pooled: PooledView | None = None
    gather: ActionView = field(default_factory=ActionView)
    selection: Selection = field(default_factory=Selection)
