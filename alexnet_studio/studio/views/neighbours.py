"""What the Neighbours panel shows of a query."""

from __future__ import annotations

from dataclasses import dataclass, field

from alexnet_studio.studio.views.data import Thumbnail
from alexnet_studio.studio.views.parts import ActionView, EmptyView


@dataclass(frozen=True, slots=True)
class BarView:
    name: str
    share: float
    text: str
    right: bool | None = None  # None where the true class is not known


@dataclass(frozen=True, slots=True)
class NeighbourView:
    thumbnail: Thumbnail
    distance: str
    name: str
    agrees: bool | None
    length: float = 0.0  # the distance as a number, for figures and tables


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One query with its bars and neighbours: a row of the sheet."""

    query: Thumbnail
    title: str
    truth: str
    bars: tuple[BarView, ...]
    neighbours: tuple[NeighbourView, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class NeighboursView:
    empty: EmptyView | None = None
    title: str = ""  # "fc7 after ReLU · Euclidean · of 2,000"
    outdated: str = ""  # the badge's text, empty while the features are those of the weights
    answer: AnswerView | None = None
    sheet: tuple[AnswerView, ...] = ()
    agreement: str = ""  # "5 of 6 agree"
    busy: str = ""
    k: int = 6
    version: int = 0
    index: ActionView = field(default_factory=ActionView)
