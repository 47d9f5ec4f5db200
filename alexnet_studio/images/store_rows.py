"""Where each image lies in a store's pixels: a record of fixed size an image, mapped from disk and never read whole."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground import seeds
from alexnet_studio.images.prepare import Pixels

MISSING, PLACED, UNREADABLE, ABSENT = range(4)  # absent: unreadable just then, to be tried again
ROW = np.dtype(
    [
        ("state", "u1"),
        ("coded", "u1"),  # as JPEG, not as plain bytes
        ("channels", "u2"),
        ("height", "u4"),
        ("width", "u4"),
        ("crc", "u4"),
        ("size", "u8"),
        ("offset", "u8"),
        ("digest", "u8"),  # of the file that it was decoded from
    ]
)
Rows = NDArray[np.void]
_CHECKED = 32  # images of which an opened store is looked at


def create(path: Path, count: int) -> Rows:
    """All of them missing. Raises `OSError`."""
    np.lib.format.open_memmap(path, "w+", ROW, (count,)).flush()
    return opened(path, count)


def opened(path: Path, count: int, *, writable: bool = True) -> Rows:
    """Raises `OSError` or `ValueError` for what is no such file of `count` rows."""
    rows: Rows = np.lib.format.open_memmap(path, "r+" if writable else "r")
    if rows.dtype != ROW or rows.shape != (count,):
        raise ValueError("other rows")
    return rows


@dataclass(frozen=True, slots=True)
class Stored:
    """An image to be written: its `pixels`, the `content` that holds them (`coded` as JPEG or plain), and the digest
    of its file.
    """

    pixels: Pixels
    content: bytes
    coded: bool
    digest: int


def write(rows: Rows, row: int, offset: int, image: Stored) -> None:
    height, width, channels = image.pixels.shape
    # The state last: a row that is placed is whole.
    record = rows[row]
    for name, value in {
        "coded": image.coded,
        "channels": channels,
        "height": height,
        "width": width,
        "crc": zlib.crc32(image.content),
        "size": len(image.content),
        "offset": offset,
        "digest": image.digest,
    }.items():
        record[name] = value
    record["state"] = PLACED


def end(rows: Rows) -> int:
    """The bytes of the pixels file that its placed images need."""
    placed = rows[rows["state"] == PLACED]
    return int((placed["offset"] + placed["size"]).max()) if len(placed) else 0


def sound(rows: Rows, held: NDArray[np.uint8]) -> bool:
    """Whether every placed image lies within `held`, and a drawn few are the bytes that were written."""
    placed = np.flatnonzero(rows["state"] == PLACED)
    if end(rows) > len(held):
        return False
    drawn = seeds.generator("store check", len(rows)).permutation(placed)[:_CHECKED]
    return all(_intact(rows[int(i)], held) for i in (*drawn, *placed[-1:]))


def _intact(record: np.void, held: NDArray[np.uint8]) -> bool:
    offset, size = int(record["offset"]), int(record["size"])
    return zlib.crc32(held[offset : offset + size].tobytes()) == int(record["crc"])
