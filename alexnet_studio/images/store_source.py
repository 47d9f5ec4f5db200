"""Where the images of a store come from: the files that were filled, for one."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from PIL import Image

from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store_files import StoreFiles
from alexnet_studio.images.watch import Watch


class Source(Protocol):
    """Pixels of one row: uint8 (height, width, channels).

    `lost`: paths of files that others stand in for, and why. `watch`: what files are read under while a network
    learns; None where none is read.
    """

    lost: dict[str, str]
    watch: Watch | None

    def same(self, rows: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
        """Those of `others` whose file has the bytes of one of `rows`, as far as that is known yet."""
        ...

    def pixels(self, row: int) -> Pixels: ...

    def holds(self, row: int) -> bool:
        """Whether the row's own image can be had; it is decoded now where nobody has done so."""
        ...

    def waiting(self) -> int:
        """How many images are yet to be decoded for the first time."""
        ...

    def close(self) -> None:
        """Give back threads and locks."""
        ...


class FromDisk:
    """A filled store's files as a source."""

    def __init__(self, files: StoreFiles) -> None:
        self._rows = files.rows(writable=False)
        self._held = files.map()
        # Nothing: what is stored needs no file.
        self.lost: dict[str, str] = {}
        self.watch: Watch | None = None

    @property
    def size(self) -> int:
        """The bytes of the files that were there when it was opened."""
        return len(self._held)

    def same(self, rows: Sequence[int], others: Sequence[int]) -> tuple[int, ...]:
        digests = self._rows["digest"]
        twice = np.isin(digests[list(others)], digests[list(rows)])
        return tuple(other for other, same in zip(others, twice, strict=True) if same)

    def pixels(self, row: int) -> Pixels:
        at = self._rows[row]
        offset, size = int(at["offset"]), int(at["size"])
        content = self._held[offset : offset + size]
        shape = int(at["height"]), int(at["width"]), int(at["channels"])
        if at["coded"]:
            with Image.open(io.BytesIO(content.tobytes())) as image:
                decoded = np.asarray(image).reshape(shape)
            decoded.flags.writeable = False
            return decoded
        return content.reshape(shape)

    def holds(self, row: int) -> bool:
        _ = row
        return True

    def waiting(self) -> int:
        return 0

    def close(self) -> None:
        pass
