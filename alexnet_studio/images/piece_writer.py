"""One collected image as a file: a PNG of pixels, a copy, a link, or a smaller JPEG; never half of one."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.ground import files
from alexnet_studio.images import decode, headers, prepare
from alexnet_studio.images.folder_names import safe
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.regular_file import read_start, why
from alexnet_studio.images.source import Cut, Packed, Piece
from alexnet_studio.images.walk import Skipped

_QUALITY = 95
_PART = ".part"
Outcome = Skipped | Path  # the file that holds the image, new or found there

# What was read of a piece in the reading thread, to be written in another.
Errand = Callable[[], Outcome]


@dataclass(frozen=True, slots=True)
class PieceWriter:
    """`folders`: the class folder of each label. With `side` every image becomes a square of that many pixels."""

    target: Path
    folders: tuple[str, ...]
    side: int | None

    def errand(self, piece: Piece) -> Errand:
        """What is left to do for `piece`: an archive is read here, in the calling thread, and only where needed.

        The errand raises `Failed` ("disk_full", "not_writable").
        """
        path = self._path(piece)
        match piece.content:
            case Path() as image:
                return partial(self._from_file, image, path, piece.origin)
            case Packed() as packed:
                if self._is_there(path, packed.size):
                    return lambda: path
                return partial(self._from_bytes, packed.read(), path, piece.origin)
            case Cut() as part:
                return self._from_cut(part, path, piece.origin)
            case pixels:
                return partial(self._from_pixels, pixels, path)

    def _path(self, piece: Piece) -> Path:
        folder = self.target / piece.split / self.folders[piece.label]
        name = safe(piece.name)
        if self.side is not None and isinstance(piece.content, Packed | Path):
            name = f"{Path(name).stem}.jpg"
        return folder / name

    def _from_cut(self, part: Cut, path: Path, origin: str) -> Errand:
        """A photo of which all tiles are there is not decoded again."""
        with contextlib.suppress(OSError):
            if path.stat().st_size > 0:
                return lambda: path
        try:
            pixels = part.cut()
        except decode.UnreadableError as error:
            skipped = Skipped(origin, error.reason)
            return lambda: skipped
        return partial(self._from_pixels, pixels, path)

    def _is_there(self, path: Path, size: int) -> bool:
        """Files take their names when they are whole: a smaller JPEG cannot be told otherwise."""
        try:
            found = path.stat().st_size
        except OSError:
            return False
        return found == size if self.side is None else found > 0

    def _from_pixels(self, pixels: NDArray[np.uint8], path: Path) -> Outcome:
        fitted = pixels if self.side is None else prepare.fit(pixels, _record(self.side))
        buffer = io.BytesIO()
        image = Image.fromarray(fitted[..., 0] if fitted.shape[-1] == 1 else np.ascontiguousarray(fitted))
        image.save(buffer, "PNG", compress_level=1)
        content = buffer.getvalue()
        with contextlib.suppress(OSError):
            if path.stat().st_size == len(content) and path.read_bytes() == content:
                return path
        return _put(path, lambda part: _write(part, content))

    def _from_bytes(self, content: bytes, path: Path, origin: str) -> Outcome:
        if headers.format_of(content[: headers.MAGIC_BYTES]) is None:
            return Skipped(origin, "is not an image" if content else "is empty")
        if self.side is None:
            return _put(path, lambda part: _write(part, content))
        return self._smaller(content, path, origin, self.side)

    def _from_file(self, image: Path, path: Path, origin: str) -> Outcome:
        try:
            status, start = read_start(str(image), headers.MAGIC_BYTES)
        except OSError as error:
            return Skipped(origin, why(error))
        found, size = headers.format_of(start), status.st_size
        if found is None:
            return Skipped(origin, "is not an image" if size else "is empty")
        if headers.suffix(path.name) not in headers.FORMAT_OF_SUFFIX:
            path = path.with_name(f"{path.name}.{found.lower()}")
        if self._is_there(path, size):
            return path
        if self.side is None:
            return _put(path, lambda part: _link(image, part))
        try:
            content = decode.content_of(image)
        except decode.UnreadableError as error:
            return Skipped(origin, error.reason)
        return self._smaller(content, path, origin, self.side)

    def _smaller(self, content: bytes, path: Path, origin: str, side: int) -> Outcome:
        try:
            pixels = decode.read_bytes(content, path).pixels
        except decode.UnreadableError as error:
            return Skipped(origin, error.reason)
        fitted = Image.fromarray(prepare.fit(pixels, _record(side)))
        return _put(path, lambda part: fitted.save(part, "JPEG", quality=_QUALITY))


def _record(side: int) -> InputRecord:
    return InputRecord(resize_to=side, size=side, mean=(0.0, 0.0, 0.0), std=(1.0, 1.0, 1.0))


def _put(path: Path, write: Callable[[Path], object]) -> Path:
    """Write under another name first. Not synced: a million syncs would take days, and an image can be written anew."""
    part = path.with_name(f".{path.name}{_PART}")
    try:
        try:
            write(part)
        except FileNotFoundError:  # asked for every image, the folder would take as long as the writing
            path.parent.mkdir(parents=True, exist_ok=True)
            write(part)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise files.as_studio_error(error, path) from error
    return path


def _write(part: Path, content: bytes) -> None:
    part.write_bytes(content)


def _link(image: Path, part: Path) -> None:
    """A second name for the same file where the disk can do that: no space is taken, and nothing is read."""
    part.unlink(missing_ok=True)
    real = image.resolve(strict=True)  # a link to a link would lead nowhere once the first is gone
    try:
        os.link(real, part)
    except FileNotFoundError:  # the class folder, which is made then
        raise
    except OSError:
        shutil.copy2(real, part)
