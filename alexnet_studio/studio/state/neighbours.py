"""What was indexed, and the answers to the queries."""

from __future__ import annotations

from dataclasses import dataclass

from alexnet_studio.ground.errors import StudioError


@dataclass(frozen=True, slots=True)
class FeaturesSeen:
    """What was indexed: how many images, in which layer, and which checkpoint's weights made the features."""

    layer: str
    images: int
    checkpoint: str


@dataclass(frozen=True, slots=True)
class FoundImage:
    """A neighbour: `path` relative to the folder that was indexed."""

    path: str
    class_name: str
    distance: float


@dataclass(frozen=True, slots=True)
class Answer:
    """One query's classes and neighbours. `truth` is empty where the image's class is not known; `note` says why
    other weights answered than the run's best."""

    path: str
    truth: str = ""
    top: tuple[tuple[str, float], ...] = ()
    found: tuple[FoundImage, ...] = ()
    checkpoint: str = ""
    note: str = ""
    error: StudioError | None = None


@dataclass(slots=True)
class NeighbourState:
    """`outdated` while the weights have moved on since the features were made."""

    features: FeaturesSeen | None = None
    outdated: bool = False
    answers: tuple[Answer, ...] = ()
    current: int = 0
    k: int = 6
    version: int = 0
