"""The order in which people count: 6.5 before 10.0, image2 before image10."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)")

Key = tuple[tuple[int, float, str], ...]


def natural(name: str) -> Key:
    """To sort by. Only for what is shown: indices are torchvision's, plainly sorted."""
    parts = _NUMBER.split(name)
    return tuple(
        (0, float(part), part) if i % 2 else (1, 0.0, part.casefold()) for i, part in enumerate(parts) if part
    )
