"""How a camera was held: EXIF's orientation, and the turn that brings an image upright."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from PIL import ExifTags, Image

_TURN_OF_ORIENTATION: Mapping[object, Image.Transpose] = MappingProxyType(
    {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
)
_UPRIGHT_SIDES = frozenset(
    {None, Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM}
)


def upright(original: Image.Image, plain: Image.Image) -> Image.Image:
    """`plain` turned as the EXIF of `original` (loaded) says."""
    method = _turn(original)
    return plain if method is None else plain.transpose(method)


def swaps_sides(image: Image.Image) -> bool:
    """Whether an image that is not loaded yet will be as wide as it is high now. Pillow turns a TIFF itself, and says
    the size that it has then.
    """
    return image.format != "TIFF" and _turn(image) not in _UPRIGHT_SIDES


def _turn(image: Image.Image) -> Image.Transpose | None:
    """EXIF that cannot be read says nothing."""
    try:
        return _TURN_OF_ORIENTATION.get(image.getexif().get(ExifTags.Base.Orientation))
    except Exception:  # noqa: BLE001  Pillow's EXIF reader raises whatever a damaged block leads it to
        return None
