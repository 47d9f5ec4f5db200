"""What several parts of the window show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]  # (height, width, 3) or (height, width), read-only


Curve = tuple[
    NDArray[np.float64], NDArray[np.float64]
]  # x, y of one curve; y may hold NaN where there is a gap


@dataclass(frozen=True, slots=True)
class ActionView:
    """One command of menu, toolbar or button; `tip` says why it is disabled."""

    enabled: bool = False
    text: str = ""
    tip: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class EmptyView:
    """What an empty panel says, and the one button that gets there (`intent` names the action it triggers)."""

    sentence: str
    button: str
    intent: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The one selection that all panels share; `image` is a path relative to the data root, or an absolute path."""

    image: str | None = None
    label: int | None = None
    layer: str | None = None
    kernel: int | None = None
