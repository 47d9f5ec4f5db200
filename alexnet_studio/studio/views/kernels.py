"""What the Kernels panel shows of the first layers and of one kernel."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.studio.views.parts import ActionView, EmptyView, Pixels, Selection


@dataclass(frozen=True, slots=True)
class TowerView:
    """One tower's kernels: `tiles` (n, height, width, 3) uint8, normalised, with the `numbers` of those kernels, and
    for each a mark of one letter, or none.
    """

    title: str
    numbers: tuple[int, ...]
    tiles: NDArray[np.uint8] = field(compare=False)
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KernelDetail:
    """`values` (channels, height, width) are written out; `under` (n, rows, columns) lie under the pixels of `tile`.

    `answer`: the image and what the kernel answers to it, (2, S, S, 3), with a caption each.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    tile: Pixels = field(compare=False)
    values: NDArray[np.float32] = field(compare=False)
    under: NDArray[np.float32] = field(compare=False)
    remark: str = ""
    apply: ActionView = field(default_factory=ActionView)
    apply_to: ActionView = field(default_factory=ActionView)
    answer: Pixels | None = field(default=None, compare=False)
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApartView:
    """The towers' specialisation over the film: `own` for each frame, NaN where there is none, and `others` of runs
    with another seed, for the same frames. `chance` is what towers cut at random stay below.
    """

    own: NDArray[np.float64] = field(compare=False)
    others: tuple[NDArray[np.float64], ...] = field(default=(), compare=False)
    chance: float = 0.0
    text: str = ""
    definition: str = ""
    seeds: str = ""


@dataclass(frozen=True, slots=True)
class KernelsView:
    """`look` is empty where there is one way only to show the kernels."""

    empty: EmptyView | None = None
    title: str = ""  # "conv1 · 2 × 24 of 7 × 7 × 3 · epoch 12"
    towers: tuple[TowerView, ...] = ()
    version: int = 0  # grows when the tiles changed
    layers: tuple[str, ...] = ()
    layer: str = ""
    normalisation: str = "global"
    order: str = "number"
    look: str = ""
    legend: str = ""
    firing: ActionView = field(default_factory=ActionView)
    frames: int = 0  # of the film, 0 without one
    frame: int = 0
    frame_text: str = ""
    playing: bool = False
    apart: ApartView | None = None
    detail: KernelDetail | None = None
    selection: Selection = field(default_factory=Selection)
