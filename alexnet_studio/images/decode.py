"""From an image file to uint8 pixels as a viewer would show them: the one loader in front of Pillow."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import colour, orientation
from alexnet_studio.images.headers import MAGIC_BYTES, format_of
from alexnet_studio.images.regular_file import TooLargeError, open_regular, read_whole, why

# Where Pillow itself begins to warn of decompression bombs: 89 million pixels are 256 MB of RGB.
PIXELS_MAX = 1024 * 1024 * 1024 // 4 // 3
# What so many pixels take at three channels of 16 bits without compression: 512 MB.
BYTES_MAX = 6 * PIXELS_MAX
# A JPEG is decoded at 1/2, 1/4 or 1/8 as long as both sides stay above this; no network's input exceeds it.
# It depends on nothing but the file, so that every reader of a file gets the same pixels.
_SIDE_ENOUGH = 1200
# Only formats that are decoded by code of Pillow's own: its EPS reader, for one, would start another program.
FORMATS = ("JPEG", "PNG", "GIF", "BMP", "DIB", "WEBP", "TIFF", "PPM")
_NO_MEMORY = "needs more memory than there is"
_PILLOW = re.compile(r"PIL\.")


@dataclass(frozen=True, slots=True)
class Decoded:
    """`pixels`: uint8 (height, width, channels). `notes`: what a person may want to know."""

    pixels: NDArray[np.uint8]
    notes: tuple[str, ...] = ()


class UnreadableError(BadInput):
    """`reason` ends a sentence that begins with "the file"; `lasting`: it lies in the content and stays."""

    def __init__(self, path: Path, reason: str, *, lasting: bool) -> None:
        super().__init__(
            "image_unreadable",
            "{path} cannot be used: the file {reason}. Choose another image.",
            path=str(path),
            reason=reason,
        )
        self.reason = reason
        self.lasting = lasting


def read_photo(path: Path) -> Image.Image:
    """All pixels of `path` (L or RGB) upright, at the file's own resolution: what `read` makes smaller is not here.

    A photo of up to 2 * PIXELS_MAX pixels is kept once, as Pillow holds it (4 bytes a pixel of RGB). Raises
    `UnreadableError`.
    """
    content = content_of(path)
    with _opened(content, path) as image:
        _require_pixels(path, image, 2 * PIXELS_MAX)
        image.load()
        plain, _ = colour.to_eight_bits(image)
        if image.format == "PNG":
            _require_checksums(content)
        return orientation.upright(image, plain)


def size_of(path: Path) -> tuple[int, int]:
    """Height and width of what `read_photo` gives, from the file's header. Raises `UnreadableError`."""
    try:
        with open_regular(path) as file, _opened(file, path) as image:
            _require_pixels(path, image, 2 * PIXELS_MAX)
            width, height = image.size
            return (width, height) if orientation.swaps_sides(image) else (height, width)
    except OSError as error:
        raise UnreadableError(path, why(error), lasting=False) from error


def read(path: Path, channels: Literal[1, 3] = 3) -> Decoded:
    """Decode the first frame of `path`, upright, transparent pixels over white.

    Raises `UnreadableError` (a `BadInput` "image_unreadable"), and nothing else, whatever the file holds.
    """
    return read_bytes(content_of(path), path, channels)


def content_of(path: Path) -> bytes:
    """All bytes of the file, read once: who needs more than the pixels has them too. Raises `UnreadableError`."""
    try:
        return read_whole(path, BYTES_MAX)
    except OSError as error:
        raise UnreadableError(path, why(error), lasting=isinstance(error, TooLargeError)) from error
    except MemoryError as error:
        raise UnreadableError(path, _NO_MEMORY, lasting=False) from error


def read_bytes(content: bytes, path: Path, channels: Literal[1, 3] = 3) -> Decoded:
    """As `read`, from the file's content; `path` is only named in the error."""
    with _opened(content, path) as image:
        decoded = _decode(path, image, channels)
        if image.format == "PNG":
            _require_checksums(content)
        return decoded


@contextmanager
def _opened(content: bytes | BinaryIO, path: Path) -> Generator[Image.Image]:
    """Whatever goes wrong inside with an image is an `UnreadableError`."""
    _silence_pillow()
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    try:
        with Image.open(file, formats=FORMATS) as image:
            yield image
    except UnreadableError:
        raise
    except MemoryError as error:
        raise UnreadableError(path, _NO_MEMORY, lasting=False) from error
    except Exception as error:
        # Damaged files lead Pillow's readers to exceptions of every kind (SyntaxError, struct.error ...).
        raise UnreadableError(path, _reason(error, file), lasting=True) from error


def _require_checksums(content: bytes) -> None:
    """Raises what Pillow does where a PNG's checksums are wrong: while decoding it skips those of the pixels."""
    with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
        image.verify()


def _decode(path: Path, image: Image.Image, channels: Literal[1, 3]) -> Decoded:
    _require_pixels(path, image, PIXELS_MAX)
    notes: list[str] = []
    if getattr(image, "is_animated", False):
        notes.append("the first of several frames was taken")
    if image.size == (1, 1):
        notes.append("there is one pixel only")
    image.draft(None, (_SIDE_ENOUGH, _SIDE_ENOUGH))
    image.load()
    plain, note = colour.to_eight_bits(image)
    if note:
        notes.append(note)
    upright = orientation.upright(image, plain)
    pixels = np.asarray(upright.convert("RGB" if channels == 3 else "L"))
    return Decoded(np.ascontiguousarray(pixels.reshape(*pixels.shape[:2], channels)), tuple(notes))


def _require_pixels(path: Path, image: Image.Image, most: int) -> None:
    width, height = image.size
    if width * height > most:
        reason = f"has too many pixels ({width:,} × {height:,}; at most {most:,} are read)"
        raise UnreadableError(path, reason, lasting=True)


def _reason(error: Exception, file: BinaryIO) -> str:
    """The first bytes tell a damaged image from what never was one."""
    file.seek(0)
    content = file.read()
    text = str(error).lower()
    if not content:
        return "is empty"
    kind = format_of(content[:MAGIC_BYTES])
    if kind is None:
        return "is not an image"
    if isinstance(error, Image.DecompressionBombError):
        return f"has too many pixels (at most {PIXELS_MAX:,} are read)"
    if isinstance(error, EOFError) or "truncated" in text or "unexpected end" in text:
        return "ends early"
    # A WebP says at its start how long it is; its decoder does not say what it missed.
    if kind == "WEBP" and len(content) < 8 + int.from_bytes(content[4:8], "little"):
        return "ends early"
    return "is damaged"


def _silence_pillow() -> None:
    """Pillow warns on its way to an answer that this module gives in its own words.

    `warnings.catch_warnings` would not do: it swaps the filters of all threads, and several threads decode.
    """
    if not any(action == "ignore" and module == _PILLOW for action, _, _, module, _ in warnings.filters):
        warnings.filterwarnings("ignore", module=_PILLOW.pattern)
