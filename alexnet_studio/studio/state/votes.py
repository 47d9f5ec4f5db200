"""How often the neighbours' vote is right, and the training images that it speaks against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

On = Literal["val", "train"]
MOST = 2_000  # images are asked, spread evenly over them, unless all are wanted


@dataclass(frozen=True, slots=True)
class VoteSeen:
    """Shares in 0..1 of `images` that the vote of `k` neighbours has right, and that the network has right itself.

    `same_class`: the mean share of neighbours with the image's class. Of pixels where they were asked for.
    """

    on: On
    k: int
    images: int
    accuracy: float
    same_class: float
    network: float
    pixels: float | None = None
    pixels_same_class: float | None = None


@dataclass(frozen=True, slots=True)
class SuspectSeen:
    """A training image of class `own`: `votes` of its neighbours say `winner`, `agreeing` say its own."""

    path: str
    own: str
    winner: str
    votes: int
    agreeing: int


@dataclass(frozen=True, slots=True, eq=False)
class SuspectsSeen:
    """Of so many `images`, by the vote of `k`: the most contradicted first."""

    k: int
    images: int
    found: tuple[SuspectSeen, ...]


@dataclass(frozen=True, slots=True)
class VoteState:
    """`seen`: one for each question that was asked, the newest first. `everything`: all training images are asked,
    not some spread evenly over them.
    """

    on: On = "val"
    pixels: bool = False
    everything: bool = False
    seen: tuple[VoteSeen, ...] = ()
    suspects: SuspectsSeen | None = None

    def anew(self) -> VoteState:
        """The choices of a person, without answers."""
        return VoteState(self.on, self.pixels, self.everything)
