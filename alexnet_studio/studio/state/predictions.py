"""What a network takes images without labels for, and which of them are listed."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.insight.predict import Prediction
    from alexnet_studio.runs.evaluations import EvaluationFile

Pile = Literal["all", "sure", "unsure", "unread"]
Order = Literal["surest", "doubtful", "path"]
Views = Literal["center", "ten"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose answers these are, and how many images there are. `validated`: what the run has kept of its validation
    images, by the same views; None where that is not known.
    """

    run: Path
    classes: tuple[str, ...]
    images: int
    views: Views
    checkpoint: str
    epoch: int
    note: str = ""
    validated: EvaluationFile | None = None


@dataclass(frozen=True, slots=True)
class AnswersSeen:
    """The next few, in the order of their paths."""

    answers: tuple[Prediction, ...]


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """Photos that a person may have copied into class folders under `target`; below `threshold` into unsure/."""

    target: Path
    threshold: float | None
    images: int
    unsure: int
    needed_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Listed:
    """The images that are listed, in their order; of all the images how many are in each pile and each class."""

    images: tuple[str, ...] = ()
    sure: int = 0
    unsure: int = 0
    unread: int = 0
    classes: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class PredictionState:
    """`paths`, `names` and `shares` hold each answer's image, most probable class and its probability, "" and NaN where
    the image cannot be read; `classes` counts the names. `row_of` and `captions` are by the images' paths. `version`
    grows with every change of what is listed, `calls` whenever the window of the predictions is wanted.
    """

    is_open: bool = False
    calls: int = 0
    sources: tuple[Path, ...] = ()
    views: Views = "center"
    asked: Asked | None = None
    answers: list[Prediction] = field(default_factory=list["Prediction"])
    paths: list[str] = field(default_factory=list[str])
    names: list[str] = field(default_factory=list[str])
    shares: list[float] = field(default_factory=list[float])
    classes: Counter[str] = field(default_factory=Counter[str])
    row_of: dict[str, int] = field(default_factory=dict[str, int])
    captions: dict[str, str] = field(default_factory=dict[str, str])
    threshold: float = 0.8
    pile: Pile = "all"
    class_name: str = ""  # of the images that are listed; any where it is empty
    order: Order = "surest"
    listed: Listed = field(default_factory=Listed)
    version: int = 0
    plan: CopyPlan | None = None

    def take(self, one: Prediction, caption: str) -> None:
        path = str(one.image)
        name, share = ("", math.nan) if one.error else one.top[0]
        self.row_of[path], self.captions[path] = len(self.answers), caption
        self.answers.append(one)
        self.paths.append(path)
        self.names.append(name)
        self.shares.append(share)
        if name:
            self.classes[name] += 1

    @property
    def least(self) -> float | None:
        """The threshold, None where it leaves nothing unsure."""
        return self.threshold or None
