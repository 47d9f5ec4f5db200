"""What arrives at a layer's activation function, over images: where on the curve a network works."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import torch

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.loader import central_views
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.run_images import decoded, recorded
from alexnet_studio.runs.folder import RunFolder

BINS = 60
_IMAGES = 64  # of a layer of conv1's size twenty million values, which is plenty for sixty bars
_BATCH = 16
_OUTSIDE = 0.001  # this share of the values may lie beyond the shown range


@dataclass(frozen=True, slots=True)
class Histogram:
    """`counts` of values in equal bins from -`reach` to `reach`; what lies beyond counts in the outermost bins."""

    layer: str
    images: int
    reach: float
    counts: tuple[int, ...]
    checkpoint: str


def pre_activations(loaded: LoadedRun, run: RunFolder, layer: str) -> Generator[Progress | Histogram]:
    """Of the run's first validation images, or training images where it has none; the last event is the answer.

    Raises `BadInput` ("unknown_layer", "run_images_missing", and what decoding raises).
    """
    split = run.record.split
    chosen = yield from recorded(run, (split.val or split.train)[:_IMAGES])
    held = yield from decoded(chosen, loaded.record)
    values: list[np.ndarray[tuple[int], np.dtype[np.float32]]] = []
    for batch in central_views(held.store, held.indices, loaded.record, batch_size=_BATCH):
        with torch.inference_mode(), loaded.device.autocast():
            found = loaded.network.before_activation(batch.images.to(loaded.device.torch()), layer)
        values.append(found.float().flatten().cpu().numpy())
        yield Progress("histogram", len(values) * _BATCH, len(held.indices))
    yield histogram(np.concatenate(values), layer, len(held.indices), loaded.checkpoint_id)


def histogram(
    values: np.ndarray[tuple[int], np.dtype[np.float32]], layer: str, images: int, checkpoint: str
) -> Histogram:
    """A range that is the same on both sides of zero, at least 1 wide on each."""
    reach = float(np.quantile(np.abs(values), 1 - _OUTSIDE))
    reach = max(1.0, float(math.ceil(reach)))
    counts, _ = np.histogram(values.clip(-reach, reach), bins=BINS, range=(-reach, reach))
    return Histogram(layer, images, reach, tuple(map(int, counts)), checkpoint)
