"""What a run says about image files: their classes and their nearest indexed images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.cli.loading import load
from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.progress import finished
from alexnet_studio.images import decode
from alexnet_studio.insight import predict
from alexnet_studio.insight.neighbours import Neighbour, among
from alexnet_studio.insight.pixel_space import nearest_pixels, opened, view_of
from alexnet_studio.insight.shortcut import batches_of, shortcut
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
    """`pixels` is the image as it was decoded; an image that could not be read has an `error` and nothing else.

    `itself` is the path of the indexed image that it is, `gone` are neighbours whose file is no longer there.
    `in_pixels` and `shortcut` with what that `missed` are None where they were not asked for.
    """

    image: Path
    pixels: NDArray[np.uint8] | None = None
    top: tuple[tuple[str, float], ...] = ()
    neighbours: tuple[Near, ...] = ()
    error: str = ""
    itself: str = ""
    gone: tuple[str, ...] = ()
    in_pixels: tuple[Near, ...] | None = None
    shortcut: tuple[Near, ...] | None = None
    missed: tuple[Near, ...] = ()

    @property
    def most_probable(self) -> str:
        name, share = self.top[0]
        return f"{name} {100 * share:.1f} %"

    def as_json(self) -> dict[str, Any]:
        document: dict[str, Any] = {"image": str(self.image), "neighbours": _rows(self.neighbours)}
        if self.error:
            document["error"] = self.error
        if self.itself:
            document["itself"] = self.itself
        if self.gone:
            document["gone"] = list(self.gone)
        if self.in_pixels is not None:
            document["pixels"] = _rows(self.in_pixels)
        if self.shortcut is not None:
            document["shortcut"] = {"neighbours": _rows(self.shortcut), "missed": _rows(self.missed)}
        return document


@dataclass(frozen=True, slots=True)
class Beside:
    """What to find beside the neighbours: those among pixels, and what the program of 2012 would have found."""

    pixels: bool = False
    shortcut: bool = False


class Question:
    """A run's network and its indexed features, loaded once and asked about any number of images.

    Raises what `features.read`, `insight.loaded.load`, `among` and `pixel_space.opened` raise.
    """

    def __init__(
        self, path: Path, layer: str | None, checkpoint: Which, k: int, beside: Beside | None = None
    ) -> None:
        run = runs.open(path)
        self._loaded = load(path, checkpoint)
        spec = self._loaded.spec
        self.index = features.read(run.features, named_layer(spec, layer) if layer else hidden_layer(spec))
        self._search = finished(among(self.index))
        self._k = k
        asked = beside or Beside()
        record = self._loaded.record
        self._space = finished(opened(run, self.index, record)) if asked.pixels else None
        self._batches = batches_of(len(self.index.paths)) if asked.shortcut else None

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
        near = self._near(self._search.search(query, self._k))
        answer = Answer(image, pixels, predict.top(self._loaded, probabilities), near)
        source = Path(self.index.source)
        own = image.resolve()
        answer = replace(
            answer,
            itself=next((one.path for one in near if (source / one.path).resolve() == own), ""),
            # A folder that is not here at all says nothing about its images.
            gone=tuple(one.path for one in near if source.is_dir() and not (source / one.path).exists()),
        )
        if self._space is not None:
            view = view_of(image, self._loaded.record)
            (found,) = finished(nearest_pixels(self._space, view[None], self._k))
            answer = replace(answer, in_pixels=self._near(found))
        if self._batches is not None:
            kept = shortcut(self._search, query, self._k, self._batches)
            answer = replace(answer, shortcut=self._near(kept.found), missed=self._near(kept.missed))
        return answer

    def _near(self, found: Sequence[Neighbour]) -> tuple[Near, ...]:
        file = self.index
        return tuple(
            Near(file.paths[one.row], file.classes[one.row], one.distance, file.thumbnails[one.row])
            for one in found
        )


def _rows(found: Sequence[Near]) -> list[dict[str, Any]]:
    return [{"path": near.path, "class": near.name, "distance": near.distance} for near in found]
