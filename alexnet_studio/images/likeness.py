"""Images that are the same, or nearly: by the file's bytes, and by what small copies of the picture show."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.images.hamming import near_pairs
from alexnet_studio.images.layout import SplitName

_LOOK_SIDE = 32  # of the copy that imagehash takes its frequencies from: four times the hash's own 8
# Grey levels between which a copy shows nothing: its hash would be one of rounding errors.
_FLAT = 8
_TINT_SIDE = 8
# Levels by which a tint may differ. Half the size, brighter by 10 or JPEG quality 50 stay below; of this
# program's own samples, no two that only have the same pattern (stripes of another colour) do.
_TINT_DISTANCE = 20


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """`sha256`: of the file's bytes, in hex. `look`: 64 bits that change little where the picture does.

    `look` is None for a picture of a single colour, which looks like every other such. `tint` is the
    picture as 8 × 8 pixels of RGB: the look is the same for one pattern in any colours.
    """

    sha256: str
    look: int | None
    tint: bytes


@dataclass(frozen=True, slots=True)
class Alike:
    """Images that are the same (`exact`: to the byte) or nearly so.

    `across`: some lie in train and some in val or test. `labels_differ`: not all are of one class.
    """

    paths: tuple[str, ...]
    exact: bool
    across: bool
    labels_differ: bool


def fingerprint(content: bytes, pixels: NDArray[np.uint8]) -> Fingerprint:
    """Of a file's bytes and its decoded pixels, uint8 (height, width, 1 or 3)."""
    image = Image.fromarray(pixels[..., 0] if pixels.shape[2] == 1 else pixels)
    tint = image.resize((_TINT_SIDE, _TINT_SIDE), Image.Resampling.BOX).convert("RGB").tobytes()
    return Fingerprint(hashlib.sha256(content).hexdigest(), _look(image), tint)


def _look(image: Image.Image) -> int | None:
    small = image.convert("L").resize((_LOOK_SIDE, _LOOK_SIDE), Image.Resampling.LANCZOS)
    levels = np.asarray(small)
    if int(levels.max()) - int(levels.min()) <= _FLAT:
        return None
    phash: Any = imagehash.phash(small)  # its bits have no type that pyright could read
    return int.from_bytes(np.packbits(np.asarray(phash.hash, bool)).tobytes(), "big")


def alike(
    fingerprints: Mapping[str, Fingerprint],
    labels: Mapping[str, int],
    splits: Mapping[str, SplitName],
    distance: int = 4,
) -> tuple[Alike, ...]:
    """The groups of images that are the same, then those whose looks differ in at most `distance` bits.

    All three mappings are by path. A chain of like pairs is one group. A group that is nearly the same has
    the identical images among it, too. Groups and the paths in them are sorted.
    """

    def group(paths: Iterable[str], *, exact: bool) -> Alike:
        ordered = tuple(sorted(paths))
        parts = {splits[path] for path in ordered}
        across = "train" in parts and len(parts) > 1
        return Alike(ordered, exact, across, len({labels[path] for path in ordered}) > 1)

    same = defaultdict[str, list[str]](list)
    for path in sorted(fingerprints):
        same[fingerprints[path].sha256].append(path)
    contents = [fingerprints[paths[0]] for paths in same.values()]
    near = [
        group((path for one in rows for path in same[contents[one].sha256]), exact=False)
        for rows in _like_rows(contents, distance)
    ]
    exact = [group(paths, exact=True) for paths in same.values() if len(paths) > 1]
    return (*sorted(exact, key=lambda one: one.paths), *sorted(near, key=lambda one: one.paths))


def _like_rows(contents: list[Fingerprint], distance: int) -> list[list[int]]:
    """The rows of `contents` in groups of two or more that look alike."""
    parent = list(range(len(contents)))
    tints = np.array([np.frombuffer(one.tint, np.uint8) for one in contents], np.int16)
    leaders = _leaders(contents, tints, parent)
    looks = np.array([contents[row].look for row in leaders], np.uint64)
    rows = np.array(leaders, np.int64)
    for one, other in near_pairs(looks, distance):
        left, right = rows[one], rows[other]
        close = _differing(tints[left], tints[right]) <= _TINT_DISTANCE
        for a, b in zip(left[close].tolist(), right[close].tolist(), strict=True):
            parent[_root(parent, a)] = _root(parent, b)
    groups = defaultdict[int, list[int]](list)
    for row in range(len(contents)):
        groups[_root(parent, row)].append(row)
    return [group for group in groups.values() if len(group) > 1]


def _leaders(contents: list[Fingerprint], tints: NDArray[np.int16], parent: list[int]) -> list[int]:
    """One row for all with its look and tint, which become its children.

    The frames of a still film have one look: they are compared with one of them here, instead of in pairs.
    """
    by_look = defaultdict[int, list[int]](list)
    for row, one in enumerate(contents):
        if one.look is None:
            continue
        known = by_look[one.look]  # leaders so far: few, or none
        close = _differing(tints[known], tints[row]) <= _TINT_DISTANCE
        if close.any():
            parent[row] = known[int(close.argmax())]
        else:
            known.append(row)
    return [row for known in by_look.values() for row in known]


def _differing(one: NDArray[np.int16], other: NDArray[np.int16]) -> NDArray[np.int16]:
    """The largest difference between two tints, in levels, for each row."""
    return np.abs(one - other).max(axis=-1)


def _root(parent: list[int], row: int) -> int:
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row
