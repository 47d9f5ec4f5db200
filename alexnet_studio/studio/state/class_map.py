"""The map of classes that was made last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.insight.class_map import ClassMap


@dataclass(frozen=True, slots=True)
class MapSeen:
    """A map of classes over `image`: `found` draws it again, `picture` is it as PNG."""

    image: str
    found: ClassMap = field(compare=False)
    picture: bytes = field(compare=False, repr=False)
