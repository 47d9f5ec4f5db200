"""The film of conv1 as a moving picture: an animated GIF, or numbered PNG files."""

from __future__ import annotations

import io
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import make_folder, write_atomic
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.kernels import Kernels, Normalisation, grid, span, tiles, towers

MOST_FRAMES = 300  # twenty seconds
_FRAME_MS, _LAST_MS = 66, 2000
_WIDE_PX = 640
_CAPTION_PX, _LETTER_PX = 24, 13
_GAP_PX = 6
_PAPER, _INK = 255, 40


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame and the words that stand below it."""

    caption: str
    kernels: Kernels


@dataclass(frozen=True, slots=True)
class FilmWritten:
    """`path` is the GIF, or the folder of PNG files."""

    path: Path
    frames: int
    bytes: int


def write(
    shots: Sequence[Shot], count: int, normalisation: Normalisation, target: Path
) -> Generator[Progress | FilmWritten]:
    """A GIF where `target` ends in .gif, else PNG files in a folder of that name; `count` towers.

    Of more than 300 shots, as many evenly among them, with the last one. Raises `BadInput` ("no_film",
    "film_format") and `Failed` ("disk_full", "not_writable").
    """
    if not shots:
        raise BadInput("no_film", "This run has no film of its kernels. Train one to get it.")
    if target.suffix and target.suffix.lower() != ".gif":
        raise BadInput(
            "film_format",
            "{path} is neither a .gif file nor a folder. Give the film a name that ends in .gif, or one without "
            "an ending for a folder of PNG files.",
            path=str(target),
        )
    chosen = [shots[place] for place in evenly(len(shots), MOST_FRAMES)]
    if target.suffix:
        yield from _gif(chosen, count, normalisation, target)
    else:
        yield from _sequence(chosen, count, normalisation, target)


def evenly(count: int, most: int) -> list[int]:
    """At most `most` of `count` places, the first and the last among them."""
    if count <= most:
        return list(range(count))
    return [round(place * (count - 1) / (most - 1)) for place in range(most)]


def picture(shot: Shot, count: int, normalisation: Normalisation) -> Image.Image:
    """The towers below each other as in Fig. 3, enlarged by a whole number, and the caption."""
    low_high = span(shot.kernels)
    blocks = [grid(tiles(block, normalisation, low_high)) for block in towers(shot.kernels, count)]
    zoom = max(1, _WIDE_PX // blocks[0].shape[1])
    blocks = [block.repeat(zoom, axis=0).repeat(zoom, axis=1) for block in blocks]
    height = sum(len(block) + _GAP_PX for block in blocks) + _CAPTION_PX
    page: NDArray[np.uint8] = np.full((height, blocks[0].shape[1], 3), _PAPER, np.uint8)
    top = 0
    for block in blocks:
        page[top : top + len(block)] = block
        top += len(block) + _GAP_PX
    image = Image.fromarray(page)
    words = ImageDraw.Draw(image)
    words.text((4, top), shot.caption, fill=(_INK,) * 3, font=ImageFont.load_default(_LETTER_PX))
    return image


def _gif(
    shots: Sequence[Shot], count: int, normalisation: Normalisation, target: Path
) -> Generator[Progress | FilmWritten]:
    frames: list[Image.Image] = []
    for done, shot in enumerate(shots, 1):
        # 256 colours of its own for each frame: kernels change their range from one to the next.
        image = picture(shot, count, normalisation)
        frames.append(image.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE))
        yield Progress("film", done, len(shots))
    file = io.BytesIO()
    times = [_FRAME_MS] * (len(frames) - 1) + [_LAST_MS]
    frames[0].save(
        file, "GIF", save_all=True, append_images=frames[1:], duration=times, loop=0, optimize=False
    )
    content = file.getvalue()
    write_atomic(target, lambda out: _discard(out.write(content)))
    yield FilmWritten(target, len(frames), len(content))


def _sequence(
    shots: Sequence[Shot], count: int, normalisation: Normalisation, target: Path
) -> Generator[Progress | FilmWritten]:
    make_folder(target)
    size = 0
    for done, shot in enumerate(shots, 1):
        file = io.BytesIO()
        picture(shot, count, normalisation).save(file, "PNG")
        content = file.getvalue()
        write_atomic(
            target / f"conv1-{done:04}.png", lambda out, content=content: _discard(out.write(content))
        )
        size += len(content)
        yield Progress("film", done, len(shots))
    yield FilmWritten(target, len(shots), size)


def _discard(_: object) -> None: ...
