"""Neighbours in the space of pixels, to hold beside those in feature space: the paper's point is how they differ.

A point is an image as the network gets it at test time, before colours are normalised: the central view of the stored
image, whose height x width x channels values are 0..255. Squared distances are whole numbers below 2^53, so matrix
products in float64 give them without any rounding.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import decode
from alexnet_studio.images.augment import central
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.loader import cut
from alexnet_studio.images.store import Store
from alexnet_studio.insight.neighbours import Neighbour
from alexnet_studio.insight.run_images import Chosen, decoded, everything, recorded
from alexnet_studio.runs.features import FeatureFile
from alexnet_studio.runs.folder import RunFolder

Pixels = NDArray[np.uint8]

_BLOCK_BYTES = 32 << 20  # of float64
_QUERIES = 256  # that go through the images together


@dataclass(frozen=True, slots=True)
class PixelSpace:
    """The images of a feature file that are still there: `rows[i]` of the file is image `indices[i]` of the store."""

    store: Store
    record: InputRecord
    indices: tuple[int, ...]
    rows: tuple[int, ...]

    def views(self, indices: Sequence[int]) -> Pixels:
        """(n, S * S * C) of images of the store."""
        return central_views((self.store.pixels(i) for i in indices), len(indices), self.record)


def opened(run: RunFolder, file: FeatureFile, record: InputRecord) -> Generator[Progress, None, PixelSpace]:
    """Raises what `recorded`, `everything` and `decoded` raise."""
    own = bool(run.record.data.root) and Path(file.source) == run.data_root
    chosen = yield from (recorded(run, file.paths) if own else everything(Path(file.source)))
    held = yield from decoded(_wanted(chosen, file), record)
    row = {path: i for i, path in enumerate(file.paths)}
    rows = tuple(row[path] for path in chosen.paths(held.positions))
    return PixelSpace(held.store, record, held.indices, rows)


def view_of(path: Path, record: InputRecord) -> Pixels:
    """(S * S * C,) of an image file. Raises `BadInput` ("image_unreadable")."""
    return central_views([decode.read(path, record.channels).pixels], 1, record)[0]


def nearest_pixels(
    space: PixelSpace, queries: Pixels, k: int, *, leave_out: Sequence[int] = ()
) -> Generator[Progress, None, list[tuple[Neighbour, ...]]]:
    """Of each of `queries` (n, S * S * C) its k nearest rows of the feature file, ties in row order.

    `leave_out`: of each query the row that is the query itself.
    """
    found: list[tuple[Neighbour, ...]] = []
    order = sorted(range(len(space.rows)), key=space.rows.__getitem__)
    total = -(-len(queries) // _QUERIES) * len(order)
    for start in range(0, len(queries), _QUERIES):
        some = queries[start : start + _QUERIES].astype(np.float64)
        absent = leave_out[start : start + _QUERIES]
        best: list[list[tuple[float, int]]] = [[] for _ in some]
        size = max(1, _BLOCK_BYTES // (8 * some.shape[1]))
        for place in range(0, len(order), size):
            yield Progress("pixels", start // _QUERIES * len(order) + place, total)
            part = order[place : place + size]
            rows = np.array([space.rows[i] for i in part])
            squares = _squares(some, space.views([space.indices[i] for i in part]).astype(np.float64))
            for i, near in enumerate(best):
                if absent:
                    squares[i, rows == absent[i]] = np.inf
                few = np.argsort(squares[i], kind="stable")[:k]
                found_here = [(float(squares[i, j]), int(rows[j])) for j in few if np.isfinite(squares[i, j])]
                best[i] = sorted([*near, *found_here])[:k]
        found += [tuple(Neighbour(row, float(np.sqrt(square))) for square, row in near) for near in best]
    return found


def central_views(images: Iterable[Pixels], count: int, record: InputRecord) -> Pixels:
    """(count, S * S * C)"""
    return cut(images, [central(record.resize_to, record.size)] * count, record).reshape(count, -1)


def _squares(queries: NDArray[np.float64], images: NDArray[np.float64]) -> NDArray[np.float64]:
    """(queries, images): |x|^2 + |q|^2 - 2 x.q, exact for whole numbers this small."""
    own = np.einsum("ij,ij->i", queries, queries)[:, None] + np.einsum("ij,ij->i", images, images)
    return own - 2 * (queries @ images.T)


def _wanted(chosen: Chosen, file: FeatureFile) -> Chosen:
    known = set(file.paths)
    wanted = tuple(i for i in chosen.wanted if chosen.folder.images[i].path in known)
    return Chosen(chosen.folder, wanted, chosen.stored, len(file.paths) - len(wanted))
