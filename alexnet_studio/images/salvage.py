"""What can be seen of a file that no training takes: a damaged image, decoded as far as it goes."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageFile

from alexnet_studio.images import colour
from alexnet_studio.images.decode import FORMATS, UnreadableError, content_of, read_bytes
from alexnet_studio.images.prepare import Pixels

BYTES_MAX = 64_000_000
_PIXELS_MAX = 50_000_000
_SIDE_ENOUGH = 256
_END_OF_JPEG = b"\xff\xd9"
_PNG = b"\x89PNG\r\n\x1a\n"


def salvage(path: Path) -> Pixels | None:
    """(height, width, 3), what is missing in black; None where there is nothing to see, whatever the file holds.

    Never more than `BYTES_MAX` are read. Good images are decoded as ever.
    """
    try:
        if path.stat().st_size > BYTES_MAX:
            return None
        content = content_of(path)
    except (OSError, UnreadableError):
        return None
    try:
        return read_bytes(content, path).pixels
    except UnreadableError:
        pass
    try:
        return _partly(content)
    except Exception:  # noqa: BLE001  damaged files lead Pillow's readers to exceptions of every kind
        return None


def _partly(content: bytes) -> Pixels | None:
    """Raises whatever Pillow does."""
    if content.startswith(_PNG):
        content = _with_right_checksums(content)
    else:
        # A JPEG that ends early is drawn to where it ends once it has an end; other decoders do not look there.
        content += _END_OF_JPEG
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > _PIXELS_MAX:
            return None
        image.draft(None, (_SIDE_ENOUGH, _SIDE_ENOUGH))
        _load_partly(image)
        plain, _ = colour.to_eight_bits(image)
        pixels = np.asarray(plain.convert("RGB"))
    return pixels if pixels.size and pixels.min() != pixels.max() else None


def _load_partly(image: ImageFile.ImageFile) -> None:
    """Keeps the rows that were decoded before the error.

    Pillow's own switch for this, LOAD_TRUNCATED_IMAGES, would act on every image of every thread.
    """
    try:
        image.load()
    except (OSError, SyntaxError, ValueError, zlib.error, struct.error, EOFError):
        image.tile = []  # nothing is left to be decoded


def _with_right_checksums(content: bytes) -> bytes:
    """A PNG whose chunks claim what they hold: a wrong checksum stops Pillow before the first pixel."""
    made = bytearray(_PNG)
    at = len(_PNG)
    while at + 8 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        named = content[at + 4 : at + 8 + length]
        if len(named) < 4 + length:
            # Cut off: what there is of it, as a whole chunk.
            length = len(named) - 4
        made += struct.pack(">I", length) + named + struct.pack(">I", zlib.crc32(named))
        at += 12 + length
    return bytes(made)
