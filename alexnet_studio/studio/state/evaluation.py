"""What the Evaluation panel knows: a run's answers on labelled images, and which of these images are listed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.insight.calibration import Bin
    from alexnet_studio.insight.per_class import ClassScore
    from alexnet_studio.runs.evaluations import EvaluationFile

Source = Literal["validation", "test", "folder"]
Top = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationSeen:
    """An evaluation with what follows from it. `keys` are the images as the window names them, `row_of` their rows.

    `cells` (classes, classes): the confusion matrix. `outdated`: other weights are the run's best now.
    """

    path: Path  # of the run
    file: EvaluationFile
    keys: tuple[str, ...]
    row_of: Mapping[str, int]
    scores: tuple[ClassScore, ...]
    cells: NDArray[np.int64]
    bins: tuple[Bin, ...]
    curve: tuple[NDArray[np.float64], NDArray[np.float64]]
    outdated: bool = False
    note: str = ""

    @property
    def right(self) -> int:
        return int((self.file.ranks < 1).sum())

    @property
    def among(self) -> int:
        return int((self.file.ranks < self.file.k).sum())


@dataclass(frozen=True, slots=True)
class TenSeen:
    """The ten views of `image`: each as pixels with what it alone was taken for, and the averaged answer."""

    image: str
    crops: tuple[Pixels, ...] = field(compare=False)
    places: tuple[tuple[str, bool], ...]
    alone: tuple[Top, ...]
    mean: Top


@dataclass(frozen=True, slots=True)
class Listing:
    """Which images are listed: mistakes, those below the threshold, or a part of the matrix (None: any class)."""

    kind: Literal["mistakes", "doubtful", "unsure", "cell"] = "mistakes"
    truth: int | None = None
    guess: int | None = None


@dataclass(slots=True)
class EvaluationState:
    """`listed` are rows of `seen`, in their order; `version` grows with every change of what is shown."""

    seen: EvaluationSeen | None = None
    ten: TenSeen | None = None
    source: Source = "validation"
    views: Literal["center", "ten"] = "center"
    threshold: float = 0.8
    listing: Listing = field(default_factory=Listing)
    images: tuple[str, ...] = ()
    captions: Mapping[str, str] = field(default_factory=dict[str, str])
    outdated: bool = False
    version: int = 0
