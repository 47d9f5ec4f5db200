"""The feature file of a run: one row of numbers for each indexed image, with its path, its class and a
thumbnail.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput

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


def read(folder: Path, layer: str) -> FeatureFile:
    """Raises `BadInput` ("no_features", "features_damaged")."""
    if not json_of(folder, layer).exists():
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
    document: Any = json.loads(json_of(folder, layer).read_text(encoding="utf-8"))
    features = np.load(numbers_of(folder, layer), mmap_mode="r", allow_pickle=False)
    thumbnails = np.load(thumbnails_of(folder, layer), mmap_mode="r", allow_pickle=False)
    paths = tuple(str(path) for path in document["paths"])
    classes = tuple(str(name) for name in document["classes"])
    if features.dtype != np.float32 or features.ndim != 2 or thumbnails.dtype != np.uint8:
        raise ValueError("arrays of another kind")
    if not len(features) == len(thumbnails) == len(paths) == len(classes):
        raise ValueError("arrays of another length than the paths")
    return FeatureFile(
        layer, features, thumbnails, paths, classes, str(document["checkpoint"]), str(document["folder"])
    )


def json_of(folder: Path, layer: str) -> Path:
    return folder / f"{layer}.json"


def numbers_of(folder: Path, layer: str) -> Path:
    return folder / f"{layer}.npy"


def thumbnails_of(folder: Path, layer: str) -> Path:
    return folder / f"{layer}.thumbnails.npy"
