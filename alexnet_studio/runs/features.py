"""The feature file of a run: one row of numbers for each indexed image, with its path, its class and a
thumbnail.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error, make_folder, write_json

THUMBNAIL_PX = 64


@dataclass(frozen=True, slots=True)
class FeatureFile:
    """Row i of `features` (images, dimensions), of `thumbnails` (images, 64, 64, 3), of `paths` and of
    `classes` is one image.

    `classes` holds the class name of each image; `paths` are relative to `source`; `checkpoint` is the
    identity of the weights that computed the features. The arrays are memory-mapped and read-only.
    """

    layer: str
    features: NDArray[np.float32]
    thumbnails: NDArray[np.uint8]
    paths: tuple[str, ...]
    classes: tuple[str, ...]
    checkpoint: str
    source: str


class Draft:
    """A feature file being written, in the folder but under other names; leaving without `finish` removes it.

    with Draft(run.features, "fc7", images=n, dimensions=d) as draft:
        draft.features[a:b] = ...
        draft.finish(paths=..., classes=..., checkpoint=..., source=...)
    """

    def __init__(self, folder: Path, layer: str, *, images: int, dimensions: int) -> None:
        """Raises `Failed` ("disk_full", "not_writable")."""
        make_folder(folder)
        self._folder = folder
        self._layer = layer
        self._sizes = (images, dimensions)

    def __enter__(self) -> Self:
        images, dimensions = self._sizes
        side = THUMBNAIL_PX
        self.features: NDArray[np.float32] = self._array("features", np.float32, (images, dimensions))
        self.thumbnails: NDArray[np.uint8] = self._array("thumbnails", np.uint8, (images, side, side, 3))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in ("features", "thumbnails"):
            with contextlib.suppress(OSError):
                self._temporary(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise as_studio_error(error, self._folder) from error

    def finish(self, *, paths: list[str], classes: list[str], checkpoint: str, source: str) -> FeatureFile:
        """Put the draft in the place of the layer's old features. The JSON goes first and comes last: without
        it there are no features, so that a crash in between cannot join new numbers with old paths.
        """
        document = {
            "paths": paths,
            "classes": classes,
            "layer": self._layer,
            "checkpoint": checkpoint,
            "folder": source,
        }
        try:
            _json(self._folder, self._layer).unlink(missing_ok=True)
            for name, target in (("features", _numbers), ("thumbnails", _thumbnails)):
                _sync(self._temporary(name))
                self._temporary(name).replace(target(self._folder, self._layer))
        except OSError as error:
            raise as_studio_error(error, self._folder) from error
        write_json(_json(self._folder, self._layer), document)
        return read(self._folder, self._layer)

    def _temporary(self, name: str) -> Path:
        return self._folder / f".{self._layer}.{name}.tmp"

    def _array(self, name: str, dtype: type[np.generic], shape: tuple[int, ...]) -> NDArray[Any]:
        try:
            return open_memmap(self._temporary(name), mode="w+", dtype=dtype, shape=shape)
        except OSError as error:
            raise as_studio_error(error, self._folder) from error


def read(folder: Path, layer: str) -> FeatureFile:
    """Raises `BadInput` ("no_features", "features_damaged")."""
    if not _json(folder, layer).exists():
        raise BadInput(
            "no_features",
            "There are no {layer} features in {path} yet. Index the run first.",
            layer=layer,
            path=str(folder),
        )
    try:
        return _read(folder, layer)
    except (OSError, ValueError, TypeError, KeyError, EOFError, RecursionError) as error:
        raise BadInput(
            "features_damaged",
            "The {layer} features in {path} are damaged. Index the run again.",
            layer=layer,
            path=str(folder),
        ) from error


def layers(folder: Path) -> tuple[str, ...]:
    """The layers that were indexed, in alphabetical order."""
    return tuple(sorted(path.stem for path in folder.glob("*.json")))


def _read(folder: Path, layer: str) -> FeatureFile:
    document: Any = json.loads(_json(folder, layer).read_text(encoding="utf-8"))
    features = np.load(_numbers(folder, layer), mmap_mode="r", allow_pickle=False)
    thumbnails = np.load(_thumbnails(folder, layer), mmap_mode="r", allow_pickle=False)
    paths = tuple(str(path) for path in document["paths"])
    classes = tuple(str(name) for name in document["classes"])
    if features.dtype != np.float32 or features.ndim != 2 or thumbnails.dtype != np.uint8:
        raise ValueError("arrays of another kind")
    if not len(features) == len(thumbnails) == len(paths) == len(classes):
        raise ValueError("arrays of another length than the paths")
    return FeatureFile(
        layer, features, thumbnails, paths, classes, str(document["checkpoint"]), str(document["folder"])
    )


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _json(folder: Path, layer: str) -> Path:
    return folder / f"{layer}.json"


def _numbers(folder: Path, layer: str) -> Path:
    return folder / f"{layer}.npy"


def _thumbnails(folder: Path, layer: str) -> Path:
    return folder / f"{layer}.thumbnails.npy"
