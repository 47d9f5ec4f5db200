"""Which image format a file holds, told from its name and from its first bytes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# An allow-list: what is not here (SVG, HEIC, PDF, RAW ...) is skipped and counted by type.
FORMAT_OF_SUFFIX: Mapping[str, str] = MappingProxyType(
    {
        ".jpg": "JPEG",
        ".jpeg": "JPEG",
        ".jpe": "JPEG",
        ".jfif": "JPEG",
        ".png": "PNG",
        ".bmp": "BMP",
        ".dib": "BMP",
        ".gif": "GIF",
        ".webp": "WEBP",
        ".tif": "TIFF",
        ".tiff": "TIFF",
        ".ppm": "PPM",
        ".pgm": "PPM",
        ".pbm": "PPM",
        ".pnm": "PPM",
    }
)

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF87a", "GIF"),
    (b"GIF89a", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"II+\x00", "TIFF"),  # BigTIFF
    (b"MM\x00+", "TIFF"),
)
MAGIC_BYTES = 16

AS_NAMED = ""
_EMPTY, _NO_IMAGE = "is empty", "is not an image"
FORMATS = tuple(sorted(set(FORMAT_OF_SUFFIX.values())))
TOLD = (AS_NAMED, *FORMATS, _EMPTY, _NO_IMAGE)
# Of the rules on this page. A changed rule needs the next number: scans of before are remembered under it.
RULES = 1


def suffix(path: str) -> str:
    """The file type as its name says it, in lower case and with the dot; "" without one."""
    dot = path.rfind(".")
    return path[dot:].lower() if dot > path.rfind("/") + 1 else ""


def expected(name: str) -> str | None:
    """The format that a file has by its name; None where such files are not read here."""
    return FORMAT_OF_SUFFIX.get(suffix(name))


def format_of(start: bytes) -> str | None:
    """The format of a file that begins with these bytes; None when it is none that is read here."""
    for magic, name in _MAGIC:
        if start.startswith(magic):
            return name
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "WEBP"
    if len(start) > 2 and start[:1] == b"P" and start[1:2] in b"123456" and start[2:3].isspace():
        return "PPM"
    return None


def told(start: bytes, expected: str) -> str:
    """What a file of the format `expected`, by its name, turns out to be by its first bytes: one of `TOLD`.

    A format that it has instead, or why it is no image as the end of a sentence that begins with "the file".
    """
    found = format_of(start)
    if found == expected:
        return AS_NAMED
    return found or (_NO_IMAGE if start else _EMPTY)
