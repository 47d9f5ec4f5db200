"""Answering images once for a run that travels without its weights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import decode, prepare
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.predict import query
from alexnet_studio.networks.spec import hidden_layer
from alexnet_studio.runs import queries
from alexnet_studio.runs.features import THUMBNAIL_PX
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.queries import QueryFile


def keep(
    loaded: LoadedRun, run: RunFolder, root: Path, images: Sequence[tuple[str, str]]
) -> Iterator[Progress | QueryFile]:
    """Answer `images`, pairs of a path relative to `root` and a class name, and keep that beside the features.

    The last event is what was kept. Raises `BadInput` ("image_unreadable") and what writing raises.
    """
    small = loaded.record.model_copy(update={"resize_to": THUMBNAIL_PX, "size": THUMBNAIL_PX})
    answers: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
    thumbnails: list[NDArray[np.uint8]] = []
    for done, (path, _) in enumerate(images):
        yield Progress("ask", done, len(images))
        answers.append(query(loaded, root / path))
        thumbnails.append(prepare.fit(decode.read(root / path).pixels, small))
    kept = QueryFile(
        hidden_layer(loaded.spec),
        loaded.checkpoint_id,
        tuple(path for path, _ in images),
        tuple(truth for _, truth in images),
        np.stack([features for _, features in answers]),
        np.stack([probabilities for probabilities, _ in answers]),
        np.stack(thumbnails),
    )
    queries.write(run.features, kept)
    yield kept
