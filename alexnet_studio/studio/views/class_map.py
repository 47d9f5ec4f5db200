"""What the map of classes over a large image shows."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class MapView:
    """A map of classes over an image, as PNG; `ready` where the run's network can make one, else the `problem`."""

    title: str = ""
    picture: bytes = field(default=b"", repr=False)
    busy: str = ""
    problem: str = ""
    ready: bool = False
