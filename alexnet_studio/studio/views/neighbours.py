"""What the Neighbours panel shows."""

from __future__ import annotations

from dataclasses import dataclass, field

from alexnet_studio.studio.views.data import Thumbnail
from alexnet_studio.studio.views.parts import ActionView, EmptyView, Selection
from alexnet_studio.studio.views.votes import SuspectsView, VotesView

K_MAX = 500  # more pictures than a person looks at


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
    note: str = ""  # what is special about it: "itself", "gone", "missed"


@dataclass(frozen=True, slots=True)
class RowView:
    """What another way of looking finds. `said`: how it looks, and how many of these have the right class."""

    space: str
    said: str
    neighbours: tuple[NeighbourView, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One query with its bars and neighbours: a part of the sheet. `said`: "5 of 6 agree"."""

    query: Thumbnail
    title: str
    truth: str
    bars: tuple[BarView, ...]
    neighbours: tuple[NeighbourView, ...]
    error: str = ""
    said: str = ""
    beside: tuple[RowView, ...] = ()


@dataclass(frozen=True, slots=True)
class NeighboursView:
    empty: EmptyView | None = None
    title: str = ""  # "Euclidean · of 2,000"
    layers: tuple[tuple[str, str], ...] = ()  # name, name with the number of its features
    layer: str = ""
    outdated: str = ""  # the badge's text, empty while the features are those of the weights
    answer: AnswerView | None = None
    sheet: tuple[AnswerView, ...] = ()
    busy: str = ""
    k: int = 6
    version: int = 0
    index: ActionView = field(default_factory=ActionView)
    pin: ActionView = field(default_factory=ActionView)
    spaces: tuple[tuple[str, str], ...] = ()
    space: str = "features"
    votes: VotesView = field(default_factory=VotesView)
    suspects: SuspectsView = field(default_factory=SuspectsView)
    selection: Selection = field(default_factory=Selection)
