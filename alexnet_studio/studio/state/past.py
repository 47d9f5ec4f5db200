"""What the window knows of a run's earlier epochs: its answers then, and what it made of pinned images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio.state.evaluation import Listing
from alexnet_studio.studio.state.neighbours import Answer
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.insight.epoch_answers import EpochScores
    from alexnet_studio.runs.answers import EpochAnswers, KeptAnswers


@dataclass(frozen=True, slots=True, eq=False)
class PinSeen:
    """An image that is pinned, or was (not `held`): its answer by epoch, found among `searched` training images."""

    key: str
    image: str
    held: bool
    answers: Mapping[int, Answer]
    searched: int


@dataclass(frozen=True, slots=True, eq=False)
class PastSeen:
    """What the run in `path` had kept when it was read; `answers` is None where they are damaged, as `problem` tells.

    `pictures`, by path, are of the pinned images and their neighbours.
    """

    path: Path
    answers: KeptAnswers | None
    pins: tuple[PinSeen, ...]
    pictures: Mapping[str, Pixels]
    problem: StudioError | None = None


@dataclass(frozen=True, slots=True, eq=False)
class EpochSeen:
    """An epoch that is looked at, with its listed images. `number` is another one for other scores, `version` for
    other images.
    """

    answers: EpochAnswers
    scores: EpochScores
    number: int
    version: int = 0
    listing: Listing = field(default_factory=Listing)
    images: tuple[str, ...] = ()
    captions: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True)
class PastState:
    """`wanted` are the images that the next training pins from its beginning."""

    seen: PastSeen | None = None
    epoch: EpochSeen | None = None
    wanted: tuple[str, ...] = ()
