"""What was indexed, and the answers to the queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio.state.votes import VoteState

Space = Literal["pixels", "shortcut"]  # what is held beside the neighbours by features
SPACES: tuple[Space, ...] = ("pixels", "shortcut")
_KEPT = 200  # answers beside the features, two for each of a few sheets


@dataclass(frozen=True, slots=True)
class FeaturesSeen:
    """What was indexed: how many images, in which layer, and which checkpoint's weights made the features."""

    layer: str
    images: int
    checkpoint: str


@dataclass(frozen=True, slots=True)
class FoundImage:
    """A neighbour: `path` relative to the run's own folder, or absolute for an image indexed from elsewhere.

    `itself` where it is the query, `gone` where its file is no longer there.
    """

    path: str
    class_name: str
    distance: float
    itself: bool = False
    gone: bool = False


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


@dataclass(frozen=True, slots=True)
class Beside:
    """What another way of looking finds for a query, or why it finds nothing."""

    found: tuple[FoundImage, ...] = ()
    error: StudioError | None = None


@dataclass(slots=True)
class NeighbourState:
    """`outdated` while the weights have moved on since the features were made.

    `layer` is the one that a person wants features of, "" the last hidden one. `spaces` are looked at beside the
    features; `beside` remembers what they found for a query. `reach`: so many neighbours were looked for.
    """

    features: FeaturesSeen | None = None
    outdated: bool = False
    layer: str = ""
    answers: tuple[Answer, ...] = ()
    current: int = 0
    k: int = 6
    reach: int = 0
    spaces: tuple[Space, ...] = ()
    beside: dict[tuple[str, Space], Beside] = field(default_factory=dict[tuple[str, Space], Beside])
    votes: VoteState = field(default_factory=VoteState)
    version: int = 0

    def anew(self, features: FeaturesSeen | None = None, *, outdated: bool = False) -> NeighbourState:
        """Of another run or other features: a person's choices stay, all answers go."""
        return NeighbourState(
            features,
            outdated,
            k=self.k,
            spaces=self.spaces,
            votes=self.votes.anew(),
            version=self.version + 1,
        )

    def remember(self, image: str, space: Space, found: Beside) -> None:
        self.beside[image, space] = found
        while len(self.beside) > _KEPT:
            del self.beside[next(iter(self.beside))]


def nearest(found: Sequence[FoundImage], k: int) -> tuple[FoundImage, ...]:
    """The first `k`; the query itself is there as well, if it is nearer than they are, and is not counted."""
    others = 0
    for count, one in enumerate(found):
        if others == k:
            return tuple(found[:count])
        others += not one.itself
    return tuple(found)
