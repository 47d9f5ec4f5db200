"""What a training tells its consumer: the rows that are written down, and what is only for live eyes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs.rows import Ended, Epoch, Layers, Note, Started, Step


@dataclass(frozen=True, slots=True)
class KernelsSeen:
    """conv1 as it is now. `kernels` is a read-only float32 copy, (filters, channels, height, width)."""

    step: int
    epoch: int
    kernels: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Saved:
    """A checkpoint was written and verified. `note` says where it is kept when it is not in its place."""

    step: int
    epoch: int
    best: bool
    note: str = ""


Event = Started | Step | Layers | Epoch | Note | Ended | KernelsSeen | Saved | Progress
