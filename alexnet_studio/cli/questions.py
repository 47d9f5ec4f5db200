"""What a run says about image files: their classes and their nearest indexed images."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.cli.loading import load
from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.progress import finished
from alexnet_studio.images import decode
from alexnet_studio.insight import predict
from alexnet_studio.insight.neighbours import among, nearest
from alexnet_studio.networks.spec import hidden_layer, named_layer
from alexnet_studio.runs import features
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.checkpoint import Which


@dataclass(frozen=True, slots=True)
class Near:
    path: str
    name: str
    distance: float
    thumbnail: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Answer:
    """`pixels` is the image as it was decoded; an image that could not be read has an `error` and nothing else."""

    image: Path
    pixels: NDArray[np.uint8] | None = None
    top: tuple[tuple[str, float], ...] = ()
    neighbours: tuple[Near, ...] = ()
    error: str = ""

    @property
    def most_probable(self) -> str:
        name, share = self.top[0]
        return f"{name} {100 * share:.1f} %"

    def as_json(self) -> dict[str, Any]:
        found = [
            {"path": near.path, "class": near.name, "distance": near.distance} for near in self.neighbours
        ]
        document = {"image": str(self.image), "neighbours": found}
        return {**document, "error": self.error} if self.error else document


class Question:
    """A run's network and its indexed features, loaded once and asked about any number of images.

    Raises what `features.read`, `insight.loaded.load` and `among` raise.
    """

    def __init__(self, path: Path, layer: str | None, checkpoint: Which, k: int) -> None:
        run = runs.open(path)
        self._loaded = load(path, checkpoint)
        spec = self._loaded.spec
        self.index = features.read(run.features, named_layer(spec, layer) if layer else hidden_layer(spec))
        self._search = finished(among(self.index))
        self._k = k

    @property
    def outdated(self) -> str:
        """The sentence for features of other weights than those that are asked, or nothing."""
        if self.index.checkpoint == self._loaded.checkpoint_id:
            return ""
        return "The indexed features are of other weights than this checkpoint's: index the run again."

    def ask(self, image: Path) -> Answer:
        try:
            probabilities, query = predict.query(self._loaded, image, self.index.layer)
            pixels = decode.read(image).pixels
        except StudioError as error:
            return Answer(image, error=error.sentence)
        near = tuple(
            Near(found.path, found.name, found.distance, self.index.thumbnails[found.row])
            for found in nearest(self.index, query, self._k, self._search)
        )
        return Answer(image, pixels, predict.top(self._loaded, probabilities), near)
