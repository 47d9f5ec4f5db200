"""A folder of large photos as one of tiles: squares of a centred grid, which keep the photo's name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from alexnet_studio.images import decode, grouping, prepare
from alexnet_studio.images.folder import ImageFile, ImageFolder
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.source import Contents, Cut, Kind, Piece, Split
from alexnet_studio.images.tile_names import photo_name, tile_name
from alexnet_studio.images.walk import Skipped

_SAMPLED = 50


@dataclass(frozen=True, slots=True)
class Grid:
    """`rows` x `columns` tiles of `side`, the first of them at (`top`, `left`): what is left over lies around them."""

    side: int
    rows: int
    columns: int
    top: int
    left: int


def grid(height: int, width: int, side: int) -> Grid:
    """Of an image that is smaller than a tile: none."""
    rows, columns = height // side, width // side
    return Grid(side, rows, columns, (height - rows * side) // 2, (width - columns * side) // 2)


@dataclass(slots=True)
class Tiles:
    """A source of tiles with `side` pixels. Groups of the folder's groups.csv go on to the tiles."""

    folder: ImageFolder
    side: int
    _cut_off: int = 0  # photos with edges left out
    _smaller: int = 0  # photos that had to be brought to size

    @property
    def known_as(self) -> Kind:
        return "photos"

    def open(self) -> Contents:
        """Raises `BadInput`: those of `grouping.of_folder`."""
        return Contents(
            keys=self.folder.classes,
            ordered=False,
            pieces=self._pieces(grouping.of_folder(self.folder)),
            total=self._about(),
            notes=self._notes,
        )

    def _about(self) -> int:
        images = self.folder.images
        sample = images[:: max(1, len(images) // _SAMPLED)]
        tiles = 0
        for image in sample:
            try:
                found = grid(*decode.size_of(self.folder.root / image.path), self.side)
            except decode.UnreadableError:
                continue
            tiles += max(1, found.rows * found.columns)
        return tiles * len(images) // len(sample)

    def _pieces(self, group_of: Sequence[str]) -> Iterator[Piece | Skipped | None]:
        taken: set[tuple[Split, int, str]] = set()
        for image, group in zip(self.folder.images, group_of, strict=True):
            yield None
            path, name = self.folder.root / image.path, self._name(image, taken)
            try:
                height, width = decode.size_of(path)
            except decode.UnreadableError as error:
                yield Skipped(image.path, error.reason)
                continue
            photo = _Photo(path, height, width)
            found = grid(height, width, self.side)
            small = not found.rows * found.columns
            self._smaller += small
            self._cut_off += not small and (height, width) != (
                found.rows * self.side,
                found.columns * self.side,
            )
            for row in range(1 if small else found.rows):
                for column in range(1 if small else found.columns):
                    if not photo.unreadable:
                        cut = (
                            partial(photo.centre, self.side)
                            if small
                            else partial(photo.tile, found, row, column)
                        )
                        called = tile_name(name, row, column)
                        yield Piece(self._split(image), image.label, called, image.path, Cut(cut), group)

    def _name(self, image: ImageFile, taken: set[tuple[Split, int, str]]) -> str:
        below = image.path.split("/", 2 if self.folder.layout == "splits" else 1)[-1]
        name = plain = photo_name(below)
        number = 1
        while (self._split(image), image.label, name.casefold()) in taken:
            number += 1
            name = f"{plain}-{number}"
        taken.add((self._split(image), image.label, name.casefold()))
        return name

    def _split(self, image: ImageFile) -> Split:
        return image.split if self.folder.layout == "splits" else ""

    def _notes(self) -> tuple[str, ...]:
        notes: list[str] = []
        if self._cut_off:
            notes.append(
                f"Of {_photos(self._cut_off)} the edges were left out: {self.side} pixels do not divide their sides."
            )
        if self._smaller:
            notes.append(
                f"{_photos(self._smaller).capitalize()} smaller than {self.side} pixels gave one tile: the shorter "
                "side was enlarged to it, and the centre cut out."
            )
        return tuple(notes)


class _Photo:
    """Decoded when its first tile is wanted, and once. `height` and `width` are its header's."""

    def __init__(self, path: Path, height: int, width: int) -> None:
        self.unreadable = False
        self._path = path
        self._size = (width, height)
        self._image: Image.Image | None = None

    def tile(self, grid: Grid, row: int, column: int) -> Pixels:
        """Raises `UnreadableError`."""
        left, top = grid.left + column * grid.side, grid.top + row * grid.side
        return _pixels(self._whole().crop((left, top, left + grid.side, top + grid.side)))

    def centre(self, side: int) -> Pixels:
        """Of an image smaller than a tile, as the paper brings one to size. Raises `UnreadableError`."""
        record = InputRecord(resize_to=side, size=side, mean=(), std=())
        return prepare.fit(_pixels(self._whole()), record)

    def _whole(self) -> Image.Image:
        if self._image is None:
            self.unreadable = True
            image = decode.read_photo(self._path)
            if image.size != self._size:
                raise decode.UnreadableError(self._path, "changed while it was read", lasting=False)
            self.unreadable = False
            self._image = image
        return self._image


def _pixels(image: Image.Image) -> Pixels:
    pixels = np.asarray(image)
    return pixels.reshape(*pixels.shape[:2], -1)


def _photos(count: int) -> str:
    return "one photo" if count == 1 else f"{count:,} photos"
