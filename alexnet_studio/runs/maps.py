"""Two-dimensional maps of a run's features, kept beside them.

`features/maps/<layer>.<method>.npy` (images, 2) holds the places, the JSON of the same name says of what. They can be
deleted at any time and are then made again; they lie in a folder of their own, since each JSON beside the features is
a layer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.files import make_folder, write_atomic, write_json
from alexnet_studio.runs.features import FeatureFile

Method = Literal["pca", "tsne"]
_DIGESTED_ROWS = 64


@dataclass(frozen=True, slots=True)
class FeatureMap:
    """Place i of `places` (n, 2) belongs to row `rows[i]` of a feature file with `images` rows.

    `features` is the identity of those features, `facts` are numbers about the map: the shares of the variance that
    both axes have ("explained_x", "explained_y"), or what t-SNE left ("kl_divergence", "perplexity").
    """

    method: Method
    layer: str
    places: NDArray[np.float32]
    rows: NDArray[np.int64]
    images: int
    features: str
    facts: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def is_sample(self) -> bool:
        return len(self.rows) < self.images


def identity(file: FeatureFile) -> str:
    """Of images in their order, and of their features; the same for a copy of them elsewhere."""
    count = len(file.features)
    rows = np.unique(np.linspace(0, max(0, count - 1), min(count, _DIGESTED_ROWS)).astype(np.int64))
    numbers = f"{file.features.shape} {file.checkpoint}".encode() + file.features[rows].tobytes()
    images = "\n".join(file.paths).encode("utf-8", "replace")
    return ".".join(hashlib.blake2b(part, digest_size=12).hexdigest() for part in (images, numbers))


def of_same_images(one: str, other: str) -> bool:
    """Of two identities."""
    return one.partition(".")[0] == other.partition(".")[0]


def write(folder: Path, made: FeatureMap) -> None:
    """Into `folder`, a run's features. Raises `Failed` ("disk_full", "not_writable")."""
    numbers, text = _files(folder, made.layer, made.method)
    make_folder(numbers.parent)

    def save(file: IO[bytes]) -> None:
        np.save(file, made.places, allow_pickle=False)

    text.unlink(missing_ok=True)  # so that a crash in between cannot join new places with old words
    write_atomic(numbers, save)
    document = {
        "method": made.method,
        "layer": made.layer,
        "features": made.features,
        "images": made.images,
        "rows": made.rows.tolist() if made.is_sample else None,
        "facts": dict(made.facts),
    }
    write_json(text, document)


def read(folder: Path, layer: str, method: Method) -> FeatureMap | None:
    """None where there is none or a damaged one: it is made again."""
    numbers, text = _files(folder, layer, method)
    try:
        document: Any = json.loads(text.read_text(encoding="utf-8"))
        places = np.load(numbers, allow_pickle=False)
        images = int(document["images"])
        rows = np.arange(images) if document["rows"] is None else np.array(document["rows"], np.int64)
        facts = {str(name): float(value) for name, value in document["facts"].items()}
        sound = places.dtype == np.float32 and places.shape == (len(rows), 2) and np.isfinite(places).all()
        if not sound or (len(rows) and not 0 <= rows.min() <= rows.max() < images):
            return None
        return FeatureMap(method, layer, places, rows, images, str(document["features"]), facts)
    except (
        OSError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        EOFError,
        RecursionError,
        OverflowError,
    ):
        return None


def _files(folder: Path, layer: str, method: Method) -> tuple[Path, Path]:
    stem = f"{layer}.{method}"
    return folder / "maps" / f"{stem}.npy", folder / "maps" / f"{stem}.json"
