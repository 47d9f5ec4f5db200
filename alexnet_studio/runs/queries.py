"""Answered queries kept beside the features: so that a run shows neighbours where its weights or torch are missing.

`features/<layer>.queries.npz` holds each query's features, its probabilities and a thumbnail; the neighbours are
searched anew among the layer's features.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import write_atomic


@dataclass(frozen=True, slots=True)
class QueryFile:
    """Row i of `features` (queries, dimensions), `probabilities` (queries, classes) and `thumbnails`
    (queries, side, side, 3) belongs to `paths[i]`, relative to the run's data root, of true class `truths[i]`.
    """

    layer: str
    checkpoint: str
    paths: tuple[str, ...]
    truths: tuple[str, ...]
    features: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    thumbnails: NDArray[np.uint8]


def write(folder: Path, queries: QueryFile) -> None:
    """Raises `Failed` ("disk_full", "not_writable")."""

    def save(file: IO[bytes]) -> None:
        np.savez_compressed(
            file,
            checkpoint=np.array(queries.checkpoint),
            paths=np.array(queries.paths),
            truths=np.array(queries.truths),
            features=queries.features,
            probabilities=queries.probabilities,
            thumbnails=queries.thumbnails,
        )

    write_atomic(_path(folder, queries.layer), save)


def read(folder: Path, layer: str) -> QueryFile | None:
    """None where no queries were kept. Raises `BadInput` ("queries_damaged")."""
    path = _path(folder, layer)
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as stored:
            return QueryFile(
                layer,
                str(stored["checkpoint"]),
                tuple(map(str, stored["paths"])),
                tuple(map(str, stored["truths"])),
                stored["features"].astype(np.float32),
                stored["probabilities"].astype(np.float32),
                stored["thumbnails"].astype(np.uint8),
            )
    except Exception as error:
        # A damaged zip archive raises anything from BadZipFile to zlib.error.
        raise BadInput(
            "queries_damaged", "{path} is damaged. Delete it and ask the run again.", path=str(path)
        ) from error


def _path(folder: Path, layer: str) -> Path:
    return folder / f"{layer}.queries.npz"
