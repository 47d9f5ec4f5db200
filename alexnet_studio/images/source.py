"""What a source of labelled images is to the job that collects it: what it holds, and its images one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.images.layout import SplitName
from alexnet_studio.images.walk import Skipped

Kind = Literal["idx", "cifar", "imagenet", "table", "photos"]
Split = SplitName | Literal[""]  # "": class folders at the root


@dataclass(frozen=True, slots=True)
class Packed:
    """An image file inside an archive. `read` works until the next piece is asked for."""

    size: int
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Cut:
    """Pixels (height, width, channels) that are cut when they are wanted, before the next piece is asked for.

    `cut` raises `decode.UnreadableError`.
    """

    cut: Callable[[], NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Piece:
    """One image. `label`: a position in `Contents.keys`; `name`: its file's; `origin`: how a person knows it.

    `content`: pixels (height, width, channels), an image file, one in an archive, or a part of one. `group`: images
    of one group stay together when the folder is split.
    """

    split: Split
    label: int
    name: str
    origin: str
    content: NDArray[np.uint8] | Packed | Path | Cut
    group: str = ""


@dataclass(frozen=True, slots=True)
class Description:
    """What a source holds, as far as a quick look tells: `images` and `bytes` (as files) are estimates."""

    kind: Kind
    source: Path
    splits: tuple[tuple[Split, int], ...]  # images of each
    bytes: int

    @property
    def images(self) -> int:
        return sum(count for _, count in self.splits)


@dataclass(frozen=True, slots=True)
class Contents:
    """A source that was opened. `keys`: what it calls its classes, in the order of its labels.

    `ordered`: the position of a key is the number by which programs know the class. `pieces` yields None where
    it reads for long. `total` is an estimate. `words`: a file beside the source that names the classes. `notes` is
    asked when all pieces were taken.
    """

    keys: tuple[str, ...]
    ordered: bool
    pieces: Iterator[Piece | Skipped | None]
    total: int
    words: Path | None = None
    notes: Callable[[], tuple[str, ...]] = tuple


class Collectable(Protocol):
    @property
    def known_as(self) -> Kind: ...

    def open(self) -> Contents:
        """Check what can be checked before the first image is written. Raises `BadInput`."""
        ...


class Source(Collectable, Protocol):
    def describe(self) -> Description:
        """Cheap. Raises `BadInput`."""
        ...
