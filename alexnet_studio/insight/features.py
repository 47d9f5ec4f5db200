"""The features of many images, computed once and kept in the run for the search for neighbours."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import prepare
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.loader import central_views
from alexnet_studio.images.store import Store
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.neighbours import among
from alexnet_studio.insight.predict import features_of
from alexnet_studio.insight.run_images import Held, decoded, everything, recorded
from alexnet_studio.networks.spec import hidden_layer
from alexnet_studio.runs.feature_draft import Draft
from alexnet_studio.runs.features import THUMBNAIL_PX
from alexnet_studio.runs.folder import RunFolder

_BATCH = 32  # small enough to stop within 0.2 s with the networks that a laptop trains


@dataclass(frozen=True, slots=True)
class Embedded:
    """`file` holds the numbers. `left_out` counts images that are gone or cannot be decoded."""

    images: int
    dimensions: int
    layer: str
    seconds: float
    file: Path
    left_out: int = 0


def embed(
    loaded: LoadedRun, run: RunFolder, folder: Path | None = None, *, layer: str | None = None
) -> Generator[Progress | Embedded]:
    """Features of the run's training images, in the order of `run.json`, or of all images of `folder`.

    `layer` None is the last hidden one, after its ReLU. The last event is the answer; closing this earlier
    leaves the old features as they were, and the next call for the same goes on from there.
    Raises `BadInput` ("unknown_layer", "run_images_missing", and what
    `scan` and `store.fill` raise) and `Failed` ("features_not_finite", "disk_full", "not_writable").
    """
    begin = time.monotonic()
    layer = layer or hidden_layer(loaded.spec)
    dimensions = _dimensions(loaded, layer)
    chosen = yield from (everything(folder) if folder else recorded(run, run.record.split.train))
    held = yield from decoded(chosen, loaded.record)
    count = len(held.indices)
    paths, names = chosen.paths(held.positions), chosen.class_names(held.positions)
    source = str(chosen.folder.root)
    of = _digest(loaded, source, paths)
    with Draft(run.features, layer, images=count, dimensions=dimensions, of=of) as draft:
        left = held.indices[draft.done :]
        with closing(computed(loaded, held.store, left, layer)) as rows, closing(_small(held, left)) as small:
            for values, pictures in zip(rows, small, strict=True):
                here = slice(draft.done, draft.done + len(values))
                draft.features[here] = values
                draft.thumbnails[here] = pictures
                draft.advance(here.stop)
                yield Progress("index", here.stop, count)
        file = draft.finish(paths=paths, classes=names, checkpoint=loaded.checkpoint_id, source=source)
    # Now, and not when somebody asks for neighbours.
    yield from among(file)
    left_out = len(chosen.wanted) - count + chosen.missing
    seconds = time.monotonic() - begin
    yield Embedded(count, dimensions, layer, seconds, run.features / f"{layer}.npy", left_out)


def thumbnails(store: Store, indices: Sequence[int]) -> NDArray[np.uint8]:
    """(n, 64, 64, 3): what the network sees of each image, small enough to travel with the run."""
    small = store.record.model_copy(update={"resize_to": THUMBNAIL_PX, "size": THUMBNAIL_PX})
    found = np.empty((len(indices), THUMBNAIL_PX, THUMBNAIL_PX, 3), np.uint8)
    for place, index in zip(found, indices, strict=True):
        place[...] = prepare.fit(store.pixels(index), small)  # one channel becomes three
    return found


def _small(held: Held, indices: Sequence[int]) -> Generator[NDArray[np.uint8]]:
    """The thumbnails of each batch, made beside the network's work."""

    def made(start: int) -> NDArray[np.uint8]:
        return thumbnails(held.store, indices[start : start + _BATCH])

    return ahead(made, range(0, len(indices), _BATCH), workers=1, watch=held.store.watch)


def _digest(loaded: LoadedRun, source: str, paths: Sequence[str]) -> str:
    """Of what the rows are: the weights, how images get to them, and which images."""
    told = json.dumps([loaded.checkpoint_id, loaded.record.model_dump(mode="json"), source, *paths])
    return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def _dimensions(loaded: LoadedRun, layer: str) -> int:
    """Asked of the network with an empty image, so that a wrong layer is refused before any work."""
    spec = loaded.spec
    empty = torch.zeros(1, spec.channels, spec.image_size, spec.image_size)
    return features_of(loaded, empty, layer).shape[1]


def computed(
    loaded: LoadedRun, store: Store, indices: Sequence[int], layer: str
) -> Generator[NDArray[np.float32]]:
    """(up to 32, dimensions) at a time: of the images at `indices` of the store, in order.

    Raises `Failed` ("features_not_finite").
    """
    # In the network's memory format: otherwise every batch is turned round by the thread that multiplies.
    for batch in central_views(store, indices, loaded.record, batch_size=_BATCH, channels_last=True):
        values = features_of(loaded, batch.images, layer).numpy()
        if not np.isfinite(values).all():
            raise Failed(
                "features_not_finite",
                "The {layer} features of the checkpoint {checkpoint} are not finite. Index another one.",
                layer=layer,
                checkpoint=loaded.checkpoint_id,
            )
        yield values
