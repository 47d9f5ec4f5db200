"""Two sample folders that need no network: drawings of our own, and scikit-learn's handwritten digits."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from PIL import Image

from alexnet_studio.ground import files
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import digits
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.drawings import DRAWINGS, Drawing, render
from alexnet_studio.images.pace import Pace

SampleKind = Literal["drawings", "digits"]

SAMPLES: Mapping[SampleKind, str] = MappingProxyType(
    {"drawings": "Stripes, checks, rings, dots and gradients", "digits": "Handwritten digits"}
)
_MARK = ".alexnet-studio-sample"  # hidden, so no scan takes it for a class or an image
_DRAWINGS_PER_CLASS = 100
_DIGIT_SIDE_PX = 32  # four times the original


@dataclass(frozen=True, slots=True)
class Written:
    folder: Path
    classes: int
    images: int


@dataclass(frozen=True, slots=True)
class _Picture:
    """One file to be: its class, its number in the class, and what draws it."""

    name: str
    number: int
    draw: Callable[[], Image.Image]


def write(kind: SampleKind, folder: Path) -> Iterator[Progress | Written]:
    """Write the sample's class folders into `folder`, which is new, empty, or holds this sample already.

    Every file is the same every time, and one that is already right keeps its time. The last
    event is `Written`. Raises `BadInput` ("sample_unknown", "sample_folder_used") and `Failed` ("disk_full",
    "not_writable").
    """
    if kind not in SAMPLES:
        known = ", ".join(SAMPLES)
        raise BadInput(
            "sample_unknown", "There is no sample {kind}. Choose one of: {known}.", kind=kind, known=known
        )
    _require_free(kind, folder)
    files.make_folder(folder)
    files.write_text(folder / _MARK, f"{kind}\n")
    pictures = _drawings() if kind == "drawings" else _digits()
    pace = Pace()
    with closing(ahead(partial(_save, folder), pictures)) as saved:
        for done, _ in enumerate(saved):
            if pace.due():
                yield Progress("sample", done, len(pictures))
    yield Written(folder, len({picture.name for picture in pictures}), len(pictures))


def _require_free(kind: SampleKind, folder: Path) -> None:
    try:
        if not folder.exists() or not any(folder.iterdir()):
            return
        mark = (folder / _MARK).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        mark = ""
    if mark != kind:
        raise BadInput(
            "sample_folder_used",
            "{path} is in use and does not hold this sample. Choose a new or an empty folder.",
            path=str(folder),
        )


def _drawings() -> list[_Picture]:
    # Class by class in turn, so that an interrupted sample has some of each.
    return [
        _Picture(drawing.name, number, partial(_drawn, drawing, number))
        for number in range(_DRAWINGS_PER_CLASS)
        for drawing in DRAWINGS
    ]


def _drawn(drawing: Drawing, number: int) -> Image.Image:
    return Image.fromarray(render(drawing, number))


def _digits() -> list[_Picture]:
    numbers = Counter[int]()
    pictures: list[_Picture] = []
    for pixels, digit in zip(*digits.load(), strict=True):
        small = Image.fromarray(pixels)
        size = (_DIGIT_SIDE_PX, _DIGIT_SIDE_PX)
        pictures.append(
            _Picture(str(digit), numbers[int(digit)], partial(small.resize, size, Image.Resampling.BICUBIC))
        )
        numbers[int(digit)] += 1
    return pictures


def _save(folder: Path, picture: _Picture) -> None:
    """Raises `Failed`."""
    path = folder / picture.name / f"{picture.number:03}.png"
    buffer = io.BytesIO()
    picture.draw().save(buffer, "PNG", compress_level=1)
    content = buffer.getvalue()
    try:
        if path.exists() and path.read_bytes() == content:
            return
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise files.as_studio_error(error, path) from error
