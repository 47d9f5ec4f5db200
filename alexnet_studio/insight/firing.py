"""On how many images each unit of a layer fires: units that never do are of no use to anybody."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.loader import central_views
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.run_images import decoded, recorded
from alexnet_studio.networks.spec import named_layer
from alexnet_studio.runs.folder import RunFolder

IMAGES = 1000
_BATCH = 32


@dataclass(frozen=True, slots=True)
class Firing:
    """`counts`: for each unit (a kernel with its bias, anywhere on its map) the number of the `images` on which its
    output after the activation function is greater than zero.
    """

    layer: str
    images: int
    counts: tuple[int, ...]
    checkpoint: str


def firing(
    loaded: LoadedRun, run: RunFolder, layer: str, images: int = IMAGES
) -> Generator[Progress | Firing]:
    """Over `images` of the run's training images, taken evenly from all of them; the last event is the answer.

    Raises `BadInput` ("unknown_layer", "run_without_images", "run_images_missing", and what decoding raises).
    """
    named_layer(loaded.spec, layer)
    chosen = yield from recorded(run, evenly(run.record.split.train, images))
    held = yield from decoded(chosen, loaded.record)
    count = len(held.indices)
    counts: NDArray[np.int64] | None = None
    done = 0
    for batch in central_views(held.store, held.indices, loaded.record, batch_size=_BATCH):
        with torch.inference_mode():
            values = loaded.network.activation(batch.images.to(loaded.device.torch()), layer)
        fired = (values > 0).reshape(*values.shape[:2], -1).any(dim=2).sum(dim=0).cpu().numpy()
        counts = fired if counts is None else counts + fired
        done += len(values)
        yield Progress("firing", done, count)
    yield Firing(layer, count, () if counts is None else tuple(map(int, counts)), loaded.checkpoint_id)


def evenly(paths: tuple[str, ...], count: int) -> tuple[str, ...]:
    """At most `count` of them, at equal distances: they are ordered by class."""
    if len(paths) <= count:
        return paths
    return tuple(paths[place * len(paths) // count] for place in range(count))
