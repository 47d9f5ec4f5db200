"""The vote of a run's neighbours beside the network's own answers: the commands `vote` and `suspects`."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.loader import batches
from alexnet_studio.images.store import Store
from alexnet_studio.insight.evaluate import Evaluation, evaluate
from alexnet_studio.insight.features import computed
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.neighbours import among
from alexnet_studio.insight.pixel_space import PixelSpace, central_views, nearest_pixels, opened
from alexnet_studio.insight.run_images import answer, decoded, labels, recorded
from alexnet_studio.insight.vote import Vote, among_indexed, count, others
from alexnet_studio.runs.features import FeatureFile
from alexnet_studio.runs.folder import RunFolder

On = Literal["train", "val"]
_BATCH = 64


@dataclass(frozen=True, slots=True)
class VoteReport:
    """`network`: the share of the same images that the network itself has right. `pixels`: the same vote among pixels,
    where it was asked for. `paths`: of the images that were voted on.
    """

    on: On
    paths: tuple[str, ...]
    features: Vote
    network: float
    pixels: Vote | None

    def as_json(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "on": self.on,
            "k": self.features.k,
            "images": self.features.images,
            "accuracy": self.features.accuracy,
            "same_class": self.features.same_class,
            "network_accuracy": self.network,
        }
        if self.pixels:
            document["pixels"] = {
                "accuracy": self.pixels.accuracy,
                "same_class": self.pixels.same_class,
            }
        return document


@dataclass(frozen=True, slots=True)
class _Asked:
    """The images to vote on: of a store, with their classes; `rows` of the feature file, where they are in it."""

    store: Store
    indices: tuple[int, ...]
    own: tuple[str, ...]
    paths: tuple[str, ...]
    rows: tuple[int, ...] = ()


def vote_run(
    loaded: LoadedRun,
    run: RunFolder,
    file: FeatureFile,
    k: int = 6,
    *,
    on: On = "val",
    most: int = 2000,
    pixels: bool = False,
) -> Generator[Progress | VoteReport]:
    """On `val`: the run's validation images, asked among the indexed ones. On `train`: each indexed image among the
    others. Of more than `most` images, `most` spread evenly are asked.

    The last event is the answer. Raises `BadInput` ("vote_without_images", "features_outdated") and what `recorded`,
    `everything`, `decoded` and `among` raise.
    """
    if file.checkpoint != loaded.checkpoint_id:
        raise BadInput(
            "features_outdated",
            "The {layer} features are of other weights than this checkpoint's. Index the run again.",
            layer=file.layer,
        )
    search = yield from among(file)
    space = yield from opened(run, file, loaded.record)
    asked = _indexed(space, file) if on == "train" else (yield from _validation(run, loaded))
    asked = _spread(asked, most)
    if on == "train":
        near = yield from others(search, file.features, asked.rows, k)
    else:
        values = yield from _values(loaded, asked, file.layer)
        near = yield from among_indexed(search, values, k)
    known = labels(asked.own, loaded.classes, Path(file.source))
    network = yield from _network(loaded, asked, known)
    among_pixels: Vote | None = None
    if pixels:
        views = central_views(
            (asked.store.pixels(i) for i in asked.indices), len(asked.indices), loaded.record
        )
        found = yield from nearest_pixels(space, views, k, leave_out=asked.rows)
        rows = [tuple(one.row for one in some) for some in found]
        among_pixels = count(asked.own, rows, file.classes, k)
    yield VoteReport(on, asked.paths, count(asked.own, near, file.classes, k), network, among_pixels)


def _indexed(space: PixelSpace, file: FeatureFile) -> _Asked:
    return _Asked(
        space.store,
        space.indices,
        tuple(file.classes[row] for row in space.rows),
        tuple(file.paths[row] for row in space.rows),
        space.rows,
    )


def _validation(run: RunFolder, loaded: LoadedRun) -> Generator[Progress, None, _Asked]:
    if not run.record.split.val:
        raise BadInput(
            "vote_without_images", "The run {run} has no validation images. Vote on train.", run=str(run.path)
        )
    chosen = yield from recorded(run, run.record.split.val)
    held = yield from decoded(chosen, loaded.record)
    return _Asked(
        held.store,
        held.indices,
        tuple(chosen.class_names(held.positions)),
        tuple(chosen.paths(held.positions)),
    )


def _spread(asked: _Asked, most: int) -> _Asked:
    count_ = len(asked.indices)
    if count_ <= most:
        return asked
    places = [int(i) for i in np.linspace(0, count_ - 1, most)]
    return _Asked(
        asked.store,
        tuple(asked.indices[i] for i in places),
        tuple(asked.own[i] for i in places),
        tuple(asked.paths[i] for i in places),
        tuple(asked.rows[i] for i in places) if asked.rows else (),
    )


def _values(loaded: LoadedRun, asked: _Asked, layer: str) -> Generator[Progress, None, NDArray[np.float32]]:
    blocks: list[NDArray[np.float32]] = []
    for block in computed(loaded, asked.store, asked.indices, layer):
        blocks.append(block)
        yield Progress("index", sum(map(len, blocks)), len(asked.indices))
    return np.concatenate(blocks)


def _network(loaded: LoadedRun, asked: _Asked, known: Sequence[int]) -> Generator[Progress, None, float]:
    of = [0] * len(asked.store)
    for index, label in zip(asked.indices, known, strict=True):
        of[index] = label
    images = batches(asked.store, of, asked.indices, loaded.record, batch_size=_BATCH, seed=0, epoch=0)
    k = min(5, len(loaded.classes))
    job = evaluate(loaded.network, images, k, loaded.device, total=len(asked.indices))
    return (yield from answer(job, Evaluation)).top1
