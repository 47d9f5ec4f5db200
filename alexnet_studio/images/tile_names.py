"""What a tile is called, so that its photo can be told: "1.jpg.tile-003-007.png" lies in row 3, column 7 of 1.jpg."""

from __future__ import annotations

import re

from alexnet_studio.images.folder_names import safe

_TILE = re.compile(r"(.+?)\.tile-\d{3,}-\d{3,}\.[^/]+")  # of a tile of a tile: the first photo
_PHOTO_BYTES = 160  # of the 200 that `safe` leaves to a name


def tile_name(photo: str, row: int, column: int) -> str:
    return f"{photo}.tile-{row:03}-{column:03}.png"


def photo_name(path: str) -> str:
    """The photo's own name, with its folders below the class: a/1.jpg and b/1.jpg are two photos of one class."""
    name = safe(path.replace("/", "~"))
    return name.encode()[:_PHOTO_BYTES].decode("utf-8", "ignore")


def photo_of(path: str) -> str | None:
    """The path of a tile's photo as the tiles name it, the same for all of its tiles; None for what is no tile."""
    match = _TILE.fullmatch(path) if ".tile-" in path else None
    return None if match is None else match[1]
