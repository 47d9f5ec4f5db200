"""The features of many images, computed once and kept in the run for the search for neighbours."""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import prepare
from alexnet_studio.images.loader import batches
from alexnet_studio.images.store import Store
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.predict import features_of
from alexnet_studio.insight.run_images import Held, decoded, everything, recorded
from alexnet_studio.networks.spec import hidden_layer
from alexnet_studio.runs.features import THUMBNAIL_PX, Draft
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
    leaves the old features as they were. Raises `BadInput` ("unknown_layer", "run_images_missing", and what
    `scan` and `store.fill` raise) and `Failed` ("features_not_finite", "disk_full", "not_writable").
    """
    begin = time.monotonic()
    layer = layer or hidden_layer(loaded.spec)
    dimensions = _dimensions(loaded, layer)
    chosen = yield from (everything(folder) if folder else recorded(run, run.record.split.train))
    held = yield from decoded(chosen, loaded.record)
    count = len(held.indices)
    with Draft(run.features, layer, images=count, dimensions=dimensions) as draft:
        done = 0
        for values in _features(loaded, held, layer):
            indices = held.indices[done : done + len(values)]
            draft.features[done : done + len(values)] = values
            draft.thumbnails[done : done + len(values)] = [thumbnail(held.store, i) for i in indices]
            done += len(values)
            yield Progress("index", done, count)
        draft.finish(
            paths=chosen.paths(held.positions),
            classes=chosen.class_names(held.positions),
            checkpoint=loaded.checkpoint_id,
            source=str(chosen.folder.root),
        )
    left_out = len(chosen.wanted) - count + chosen.missing
    file = run.features / f"{layer}.npy"
    yield Embedded(count, dimensions, layer, time.monotonic() - begin, file, left_out)


def thumbnail(store: Store, index: int) -> NDArray[np.uint8]:
    """(64, 64, 3): what the network sees of the image, small enough to travel with the run."""
    small = store.record.model_copy(update={"resize_to": THUMBNAIL_PX, "size": THUMBNAIL_PX})
    return np.broadcast_to(prepare.fit(store.pixels(index), small), (THUMBNAIL_PX, THUMBNAIL_PX, 3))


def _dimensions(loaded: LoadedRun, layer: str) -> int:
    """Asked of the network with an empty image, so that a wrong layer is refused before any work."""
    spec = loaded.spec
    empty = torch.zeros(1, spec.channels, spec.image_size, spec.image_size)
    return features_of(loaded, empty, layer).shape[1]


def _features(loaded: LoadedRun, held: Held, layer: str) -> Generator[NDArray[np.float32]]:
    """(up to 32, dimensions) at a time, in order."""
    unlabelled = [0] * len(held.store)
    for batch in batches(
        held.store, unlabelled, held.indices, loaded.record, batch_size=_BATCH, seed=0, epoch=0
    ):
        values = features_of(loaded, batch.images, layer).numpy()
        if not np.isfinite(values).all():
            raise Failed(
                "features_not_finite",
                "The {layer} features of the checkpoint {checkpoint} are not finite. Index another one.",
                layer=layer,
                checkpoint=loaded.checkpoint_id,
            )
        yield values
