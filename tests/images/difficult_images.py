"""Some fifty images of the kinds that real folders hold and plain loaders get wrong, each made in a line or two."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from image_corpus import noise, png_that_claims
from PIL import Image, ImageCms, TiffImagePlugin

FIRST_FRAME = "the first of several frames was taken"
ONE_PIXEL = "there is one pixel only"
GREY_16 = "16-bit grey was scaled to 8 bits"
_CMS: Any = ImageCms  # whose profiles have no type


@dataclass(frozen=True, slots=True)
class Good:
    """An image that must be read. `fault`: its row in faults.md. `levels`: by which a channel may differ.

    Qt says how it looks, unless `seen` does: it does not turn a WebP by its EXIF, and libtiff's CIE L*a*b*, which
    it takes, has another white.
    """

    fault: int
    name: str
    content: bytes
    levels: int = 0
    note: str | None = None
    seen: Image.Image | None = None  # where Qt is no judge


@dataclass(frozen=True, slots=True)
class Bad:
    """`reason`: how the reason begins for which it is left out."""

    fault: int
    name: str
    content: bytes
    reason: str


def good_images() -> tuple[Good, ...]:
    """Every image here is 24 × 16 pixels unless its name says another size."""
    picture = _picture()
    grey, clear = picture.convert("L"), _see_through(picture)
    palette = picture.quantize(16)
    turned = picture.transpose(Image.Transpose.ROTATE_270)  # what orientation 6 asks for
    deep = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    frames = {"save_all": True, "append_images": [Image.new("RGB", picture.size, "green")]}
    ink = Image.merge(
        "CMYK", [*(band.point(_inverted) for band in picture.split()), grey.point(lambda _: 20)]
    )
    srgb = ImageCms.ImageCmsProfile(_CMS.createProfile("sRGB")).tobytes()
    return (
        Good(21, "png.JPEG", _saved(picture, "PNG")),
        Good(21, "gif.jpg", _saved(palette, "GIF")),
        Good(23, "one-bit.png", _saved(grey.convert("1"), "PNG")),
        Good(23, "one-bit.tif", _saved(grey.convert("1"), "TIFF")),
        Good(23, "one-bit.bmp", _saved(grey.convert("1"), "BMP")),
        Good(23, "one-bit.pbm", _saved(grey.convert("1"), "PPM")),
        Good(23, "grey.png", _saved(grey, "PNG")),
        Good(23, "grey.jpg", _saved(grey, "JPEG"), levels=1),
        Good(23, "grey-alpha.png", _saved(clear.convert("LA"), "PNG"), levels=1),
        Good(23, "palette.png", _saved(palette, "PNG")),
        Good(23, "palette.bmp", _saved(palette, "BMP")),
        Good(23, "palette-clear.png", _saved(palette, "PNG", transparency=3)),
        Good(
            23,
            "palette-half-clear.png",
            _saved(palette, "PNG", transparency=bytes(range(0, 256, 16))),
            levels=1,
        ),
        Good(23, "palette-clear.gif", _saved(palette, "GIF", transparency=3)),
        Good(23, "grey-clear.png", _saved(grey, "PNG", transparency=grey.getpixel((5, 5)))),
        Good(23, "rgb-clear.png", _saved(picture, "PNG", transparency=picture.getpixel((5, 5)))),
        Good(24, "alpha.png", _saved(clear, "PNG"), levels=1),
        Good(24, "alpha.webp", _saved(clear, "WEBP", lossless=True, exact=True), levels=1),
        Good(24, "alpha.tif", _saved(clear, "TIFF"), levels=1),
        Good(25, "grey-16.png", _saved(deep, "PNG"), levels=1, note=GREY_16),
        Good(25, "grey-16.tif", _saved(deep, "TIFF"), levels=1, note=GREY_16),
        Good(25, "grey-16-clear.png", _png_16(clear=True), levels=1, note=GREY_16),
        Good(
            25,
            "grey-16.pgm",
            b"P5 24 16 65535\n" + np.asarray(deep).astype(">u2").tobytes(),
            1,
            "grey of more than 8 bits was scaled to 8 bits",
        ),
        Good(25, "rgb-16.png", _png_16(clear=False), levels=1),
        Good(26, "cmyk.jpg", _saved(ink, "JPEG", quality=95), levels=3),
        Good(26, "ycck.jpg", _ycck(picture), levels=3),
        Good(26, "cmyk.tif", _saved(ink, "TIFF"), levels=3),
        Good(26, "lab.tif", _lab(picture), levels=6, seen=picture),
        Good(26, "icc.jpg", _saved(picture, "JPEG", icc_profile=srgb), levels=3),
        Good(26, "icc-bad.jpg", _saved(picture, "JPEG", icc_profile=b"no profile" * 30), levels=3),
        Good(26, "icc-bad.png", _saved(picture, "PNG", icc_profile=b"no profile" * 30)),
        Good(26, "icc-bad.tif", _saved(picture, "TIFF", icc_profile=b"no profile" * 30)),
        *(Good(27, f"exif-{n}.jpg", _saved(picture, "JPEG", exif=_turned(n)), levels=3) for n in range(1, 9)),
        Good(27, "exif-6.webp", _saved(picture, "WEBP", lossless=True, exif=_turned(6)), seen=turned),
        Good(27, "orientation-6.tif", _saved(picture, "TIFF", tiffinfo=_tag(274, 6))),
        Good(27, "exif-bad.jpg", _saved(picture, "JPEG", exif=_BROKEN_EXIF), levels=3),
        Good(28, "frames.gif", _saved(palette, "GIF", **frames), note=FIRST_FRAME),
        Good(28, "frames.png", _saved(picture, "PNG", **frames), note=FIRST_FRAME),
        Good(28, "frames.webp", _saved(picture, "WEBP", lossless=True, **frames), note=FIRST_FRAME),
        Good(28, "pages.tif", _saved(picture, "TIFF", **frames), note=FIRST_FRAME),
        Good(28, "stereo.jpg", _saved(picture, "MPO", **frames), levels=3, note=FIRST_FRAME),
        Good(29, "1x1.png", _saved(picture.crop((3, 3, 4, 4)), "PNG"), note=ONE_PIXEL),
        Good(29, "1x5000.png", _saved(picture.resize((1, 5000)), "PNG")),
        Good(29, "5000x1.png", _saved(picture.resize((5000, 1)), "PNG")),
    )


def bad_images() -> tuple[Bad, ...]:
    picture = noise(6, 160, 240)
    png = _saved(picture, "PNG")
    return (
        Bad(19, "zero.jpg", b"", "is empty"),
        Bad(19, "text.jpg", b"some words, and no image", "is not an image"),
        Bad(19, "page.png", b"<!DOCTYPE html><title>404</title>", "is not an image"),
        Bad(20, "short.jpg", _saved(picture, "JPEG")[:-2000], "ends early"),
        Bad(20, "short.png", png[:-2000], "ends early"),
        Bad(20, "short.gif", _saved(picture, "GIF")[:-2000], "ends early"),
        Bad(20, "short.tif", _saved(picture, "TIFF")[:2000], "ends early"),
        Bad(20, "short.webp", _saved(picture, "WEBP")[:-300], "ends early"),
        Bad(20, "crc-of-pixels.png", _flipped(png, png.index(b"IEND") - 5), "is damaged"),
        Bad(20, "crc-of-header.png", _flipped(png, 30), "is damaged"),
        Bad(30, "bomb.png", png_that_claims(20_000, 20_000), "has too many pixels"),
    )


def _picture() -> Image.Image:
    """Smooth, so that JPEG decoders differ by little; no two corners the same, so that turning shows."""
    y, x = np.mgrid[0:16, 0:24]
    return Image.fromarray(np.stack([40 + 8 * x, 30 + 12 * y, 220 - 5 * x - 4 * y], axis=-1).astype(np.uint8))


def _see_through(picture: Image.Image) -> Image.Image:
    """Opaque at the left, clear at the right, with its colours still there."""
    clear = picture.copy()
    clear.putalpha(Image.fromarray(np.tile(np.linspace(255, 0, 24).astype(np.uint8), (16, 1))))
    return clear


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _inverted(level: int) -> int:
    return 255 - level


def _turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def _tag(number: int, value: int) -> TiffImagePlugin.ImageFileDirectory_v2:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[number] = value
    return tags


_BROKEN_EXIF = b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff\x01\x12" + b"\xff" * 30


def _ycck(picture: Image.Image) -> bytes:
    """Adobe's second form of CMYK: the inverted inks as Y, Cb, Cr, and K; Pillow writes the first only.

    What Pillow writes is four bands as they are, inverted; the marker's last byte says how to take them.
    """
    bands = [*picture.convert("YCbCr").split(), Image.new("L", picture.size, 235)]
    content = _saved(Image.merge("CMYK", [band.point(_inverted) for band in bands]), "JPEG", quality=95)
    marker = content.index(b"Adobe") + 11
    assert content[marker] == 0
    return content[:marker] + b"\x02" + content[marker + 1 :]


def _lab(picture: Image.Image) -> bytes:
    profiles = _CMS.createProfile("sRGB"), _CMS.createProfile("LAB")
    convert = ImageCms.buildTransform(*profiles, "RGB", "LAB")
    lab = ImageCms.applyTransform(picture, convert)
    assert lab is not None
    return _saved(lab, "TIFF")


def _png_16(*, clear: bool) -> bytes:
    """16-bit RGB, or 16-bit grey whose first value is transparent: Pillow writes neither."""
    pixels = np.asarray(_picture() if not clear else _picture().convert("L")).astype(np.uint16) * 257
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in pixels)
    header = struct.pack(">IIBBBBB", 24, 16, 16, 0 if clear else 2, 0, 0, 0)
    mark = [(b"tRNS", struct.pack(">H", int(pixels[0, 0])))] if clear else []
    chunks = [(b"IHDR", header), *mark, (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def _flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 255]) + content[place + 1 :]
