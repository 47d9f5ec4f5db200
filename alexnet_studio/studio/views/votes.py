"""What the Neighbours panel shows of the neighbours' vote, and of the images that it speaks against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from alexnet_studio.studio.views.data import LabelEditing
from alexnet_studio.studio.views.parts import ActionView

Choices = tuple[tuple[str, str], ...]  # value, label


@dataclass(frozen=True, slots=True)
class VotesView:
    """`rows`: a question each: which images, how many, k, right by features, by pixels, and by the network itself."""

    images: Choices = ()
    on: str = "val"
    spaces: Choices = ()
    space: str = "features"
    vote: ActionView = field(default_factory=ActionView)
    rows: tuple[tuple[str, ...], ...] = ()
    said: str = ""  # of the newest: how many of the neighbours have the image's class


@dataclass(frozen=True, slots=True)
class SuspectsView:
    """`images` from the most contradicted one on; `picked` says of the selected one what its neighbours say."""

    find: ActionView = field(default_factory=ActionView)
    amounts: Choices = ()  # nothing where there are so few that all are asked
    amount: str = ""
    found: str = ""
    images: tuple[str, ...] = ()
    captions: Mapping[str, str] = field(default_factory=dict[str, str])
    picked: str = ""
    editing: LabelEditing = field(default_factory=LabelEditing)
