"""Folders and files made for the tests of this room, the awkward ones included."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from alexnet_studio.images.folder import ImageFolder, scan
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.store import Store, fill

Answer = TypeVar("Answer")


def answer(events: Iterable[object], kind: type[Answer]) -> Answer:
    """The last event of a job, which is its result."""
    last = list(events)[-1]
    assert isinstance(last, kind)
    return last


def scanned(root: Path, *, verify: bool = False) -> ImageFolder:
    return answer(scan(root, verify=verify), ImageFolder)


def filled(folder: ImageFolder, record: InputRecord, cache: Path) -> Store:
    return answer(fill(folder, range(len(folder.images)), record, cache), Store)


def record_of(
    resize_to: int = 16,
    size: int = 12,
    *,
    mean: tuple[float, ...] = (0, 0, 0),
    std: tuple[float, ...] = (1, 1, 1),
) -> InputRecord:
    return InputRecord(resize_to=resize_to, size=size, mean=mean, std=std)


def noise(seed: int, height: int = 20, width: int = 20) -> Image.Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def save(image: Image.Image, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path)
    return path


def class_folders(root: Path, counts: Mapping[str, int], *, side: int = 20) -> Path:
    """`counts` images of noise in each class."""
    for number, (name, count) in enumerate(counts.items()):
        for i in range(count):
            save(noise(1000 * number + i, side, side), root / name / f"{i:03}.png")
    return root


def encoded(image: Image.Image, kind: str) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes whose header promises that many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(10_000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
