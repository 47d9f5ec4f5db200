"""How many crops an image has, and which of them one is: section 4.1 counts them otherwise than the 2012 code draws."""

from __future__ import annotations


def crops(side: int, size: int, *, mirrored: bool = True) -> int:
    """Of `size` from a square of `side`, as the code draws them: offsets 0 to side - size each way, both included.

    256 and 224 give 33 × 33 × 2 = 2,178.
    """
    return (side - size + 1) ** 2 * (2 if mirrored else 1)


def papers_crops(side: int, size: int, *, mirrored: bool = True) -> int:
    """As the paper counts, "1024 × 2 = 2048": side - size places each way, one fewer than there are."""
    return (side - size) ** 2 * (2 if mirrored else 1)


def number(place: tuple[int, int], places: int, *, mirrored: bool | None) -> int | None:
    """From 1, row by row, each crop before its mirror image; `mirrored` None where mirror images are not counted.

    `places` each way are counted; None for a `place` (top, left) beyond them.
    """
    top, left = place
    if max(place) >= places:
        return None
    before = top * places + left
    return before + 1 if mirrored is None else 2 * before + 1 + mirrored
