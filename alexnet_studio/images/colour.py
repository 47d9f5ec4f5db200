"""From every pixel format that Pillow opens to 8-bit grey or RGB, scaled and not clipped."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_D50 = np.array([0.9642, 1.0, 0.8249])
# From XYZ under D50 to linear sRGB, adapted with Bradford's matrix (sRGB's own profile).
_XYZ_TO_SRGB = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)


def to_eight_bits(image: Image.Image) -> tuple[Image.Image, str | None]:
    """`image` (loaded) in mode L or RGB, and a note where values had to be scaled or guessed.

    Pillow's own `convert` clips 16-bit grey to white and drops transparency, showing the colours it hides.
    """
    if image.mode.startswith("I;16"):
        return _grey(_scaled_16_bit(image)), "16-bit grey was scaled to 8 bits"
    if image.mode == "I":
        return _grey(_scaled_integers(image)), "grey of more than 8 bits was scaled to 8 bits"
    if image.mode == "F":
        return _grey(
            _scaled_floats(np.asarray(image, np.float64))
        ), "floating-point grey was scaled to 8 bits"
    if image.mode == "LAB":
        return _from_lab(image), None
    if image.has_transparency_data:
        return _over_white(image), None
    wanted = "L" if image.mode in {"1", "L"} else "RGB"
    # Pillow's `convert` would copy what is so already: of a large photo that is memory and time.
    return image if image.mode == wanted else image.convert(wanted), None


def _grey(values: NDArray[np.generic]) -> Image.Image:
    return Image.fromarray(values.astype(np.uint8))


def _scaled_16_bit(image: Image.Image) -> NDArray[np.uint16]:
    values = np.asarray(image).astype(np.uint16)
    scaled = np.right_shift(values, 8, dtype=np.uint16)
    clear = image.info.get("transparency")
    if isinstance(clear, int):  # one grey of a PNG that stands for nothing; Pillow does not convert this one
        scaled[values == clear] = 255
    return scaled


def _scaled_integers(image: Image.Image) -> NDArray[np.float64]:
    values = np.asarray(image, np.float64)
    # Pillow brings netpbm files of more than 8 bits to 0..65535; other files do not say which range they use.
    if image.format == "PPM" or (values.min() >= 0 and 255 < values.max() <= 65535):
        return np.floor(values / 256)
    return _scaled_floats(values)


def _scaled_floats(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Values that fit 0..1 or 0..255 are taken as such; others are stretched from least to greatest."""
    finite = np.where(np.isfinite(values), values, 0.0)
    low, high = float(finite.min()), float(finite.max())
    if low >= 0 and high <= 1 and not np.array_equal(finite, np.floor(finite)):
        return np.rint(finite * 255)
    if low >= 0 and high <= 255:
        return np.rint(finite)
    return np.rint((finite - low) * (255 / (high - low)))


def _over_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")


def _from_lab(image: Image.Image) -> Image.Image:
    """CIE L*a*b* (white point D50, as in TIFF) to sRGB."""
    lab = np.asarray(image)  # (height, width, 3): L 0..255, a and b as signed bytes
    lightness = lab[..., 0] * (100 / 255)
    a, b = np.moveaxis(lab[..., 1:].view(np.int8), -1, 0)
    root = (lightness + 16) / 116
    roots = np.stack([root + a / 500, root, root - b / 200], axis=-1)
    xyz = np.where(roots > 6 / 29, roots**3, (roots - 4 / 29) * (3 * (6 / 29) ** 2)) * _D50
    linear = np.clip(xyz @ _XYZ_TO_SRGB.T, 0, 1)
    srgb = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return Image.fromarray(np.rint(srgb * 255).astype(np.uint8))
