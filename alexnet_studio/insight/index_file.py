"""`<layer>.near`: the index of a feature file, beside it. It can be deleted at any time and is then made again.

One line of JSON, then the index's arrays as little-endian numbers, one after the other. It speaks for one state of
the feature file only (size, time of change, a digest of rows spread over it), and carries a checksum of its own.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.files import write_atomic
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.near_index import NearIndex, build

WORTH_IMAGES = 2_000  # below, reading all features takes a few milliseconds
_VERSION = 1
_LONGEST_HEAD = 4096
_DIGESTED_ROWS = 64
_CHECKED_BYTES = 16 << 20


def path_of(features: Path) -> Path:
    return features.with_suffix(".near")


def ready(features: NDArray[np.float32]) -> Generator[Progress, None, NearIndex | None]:
    """The index of a memory-mapped feature file, made and kept beside it where there is none yet or an outdated one.

    None where there are too few images to need one. A folder that cannot be written to keeps none, and nobody is told.
    Raises `Failed` ("features_not_finite", with the `row`).
    """
    if len(features) < WORTH_IMAGES:
        return None
    file = getattr(features, "filename", None)
    if file is None:
        return (yield from build(features))
    key = identity(Path(file), features)
    found = read(path_of(Path(file)), key)
    if found is None:
        made = yield from build(features)
        with contextlib.suppress(StudioError):
            write(path_of(Path(file)), key, made)
        # As read, so that the table is the system's to drop and not this process's.
        found = read(path_of(Path(file)), key) or made
    return found


def identity(file: Path, features: NDArray[np.float32]) -> str:
    """Of the state of a feature file. A copy of it at another time is another state: its index is made again."""
    stat = file.stat()
    rows = np.unique(np.linspace(0, len(features) - 1, min(len(features), _DIGESTED_ROWS)).astype(np.int64))
    digest = hashlib.blake2b(np.ascontiguousarray(features[rows]).tobytes(), digest_size=16)
    digest.update(f"{features.shape} {stat.st_size} {stat.st_mtime_ns}".encode())
    return digest.hexdigest()


def write(path: Path, key: str, index: NearIndex) -> None:
    """Raises `Failed` ("disk_full", "not_writable")."""
    arrays = [_little(array) for array in (index.mean, index.directions, index.table, index.squares)]
    check = 0
    for array in arrays:
        check = zlib.crc32(array.reshape(-1).view(np.uint8).data, check)
    images, columns = index.table.shape
    head = {
        "version": _VERSION,
        "features": key,
        "images": images,
        "dimensions": len(index.mean),
        "directions": columns - 1,
        "check": check,
    }

    def save(file: IO[bytes]) -> None:
        line = json.dumps(head).encode()
        file.write(line.ljust(_LONGEST_HEAD - 1) + b"\n")  # so that the numbers lie on a page's beginning
        for array in arrays:
            file.write(array.reshape(-1).view(np.uint8).data)

    write_atomic(path, save)


def read(path: Path, key: str) -> NearIndex | None:
    """None where there is no index, or one of another state of the features, of another version or with damage."""
    try:
        with path.open("rb") as file:
            head: Any = json.loads(file.read(_LONGEST_HEAD))
            if (head["version"], head["features"]) != (_VERSION, key):
                return None
            if _checksum(file) != head["check"]:
                return None
        return _mapped(path, int(head["images"]), int(head["dimensions"]), int(head["directions"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _mapped(path: Path, images: int, dimensions: int, directions: int) -> NearIndex:
    """Raises ValueError where the file is of another length."""
    shapes: tuple[tuple[str, tuple[int, ...]], ...] = (
        ("<f8", (dimensions,)),
        ("<f8", (directions, dimensions)),
        ("<f4", (images, directions + 1)),
        ("<f8", (images,)),
    )
    arrays: list[NDArray[Any]] = []
    start = _LONGEST_HEAD
    for kind, shape in shapes:
        array = np.memmap(path, kind, "r", start, shape)
        arrays.append(array.view(np.ndarray))
        start += array.nbytes
    if start != path.stat().st_size:
        raise ValueError("an index of another length")
    mean, basis, table, squares = arrays
    return NearIndex(np.array(mean), np.array(basis), table, squares)


def _checksum(file: IO[bytes]) -> int:
    check = 0
    while part := file.read(_CHECKED_BYTES):
        check = zlib.crc32(part, check)
    return check


def _little(array: NDArray[Any]) -> NDArray[Any]:
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
