"""Opening a run: everything that its folder holds, read in a thread, without torch."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.runs.log import STEP_COLUMNS, Log
from alexnet_studio.studio import kernel_pictures
from alexnet_studio.studio.dataset import Dataset, of_record
from alexnet_studio.studio.jobs.indexed import indexed_layer, thumbnails_of
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.setup_building import network_choices, with_spec
from alexnet_studio.studio.state.kernels import KernelFrame
from alexnet_studio.studio.state.neighbours import FeaturesSeen
from alexnet_studio.studio.state.setup import Setup
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.runs.features import FeatureFile
    from alexnet_studio.runs.folder import RunFolder
    from alexnet_studio.runs.lock import Holder
    from alexnet_studio.runs.log_reader import LogReader

_SHOWN_FIRST = 10_000  # steps of a history that is too long to be read at once


@dataclass(frozen=True, slots=True)
class LogRead:
    """All of the history of a run that was opened with the end of it only."""

    path: Path
    log: Log


@dataclass(frozen=True, slots=True)
class Opened:
    """A run as its folder tells it. `problems` are parts that could not be read: the others are shown."""

    path: Path
    dataset: Dataset
    setup: Setup
    log: Log
    group: str
    film: tuple[KernelFrame, ...]
    features: FeaturesSeen | None
    outdated: bool
    class_names: tuple[str, ...]
    train_paths: tuple[str, ...]
    val_paths: tuple[str, ...]
    query_paths: tuple[str, ...]
    has_checkpoint: bool
    holder: Holder | None  # who trains it now
    networks: tuple[tuple[str, str], ...]  # the catalogue: name, title
    problems: tuple[StudioError, ...]
    thumbnails: dict[str, Pixels] = field(compare=False)


def open_run(path: Path) -> Work:
    """Raises `BadInput` for what is no run; a damaged part of one is only told.

    A long history is shown by its end first; `LogRead` brings the rest.
    """
    from alexnet_studio.networks import spec_file
    from alexnet_studio.runs import folder as runs
    from alexnet_studio.runs import lock
    from alexnet_studio.runs.log_reader import LogReader
    from alexnet_studio.runs.several_curves import group_of

    run = runs.open(path)
    path = run.path  # a packed one lies in the cache
    record = run.record
    spec = spec_file.from_json(record.network, str(path))
    values = tuple(record.recipe.items())
    problems: list[StudioError] = []
    reader = LogReader(run.metrics)
    is_quick = reader.is_quick()
    log = _log(run, reader, problems, is_quick=is_quick)
    yield None
    film = _film(run, spec.towers, problems)
    yield None
    features = _features(run, problems)
    thumbnails, queries = _pictures(run, features, problems)
    yield Opened(
        path=path,
        dataset=of_record(record.data.root, record.classes, record.split.train, record.split.val),
        setup=with_spec(Setup(spec.name, values), spec),
        log=log,
        group=group_of(record),
        film=film,
        features=None if features is None else seen(features),
        outdated=features is not None and is_outdated(run, features),
        class_names=record.classes,
        train_paths=record.split.train,
        val_paths=record.split.val,
        query_paths=queries,
        has_checkpoint=has_checkpoint(path),
        holder=lock.holder(path),
        networks=network_choices(),
        problems=tuple(problems),
        thumbnails=thumbnails,
    )
    if not is_quick:
        yield LogRead(path, (yield from reader.read()))


def has_checkpoint(run: Path) -> bool:
    return any((run / "checkpoints").glob("*.pt"))


def seen(features: FeatureFile) -> FeaturesSeen:
    return FeaturesSeen(features.layer, len(features.paths), features.checkpoint)


def is_outdated(run: RunFolder, features: FeatureFile) -> bool:
    """Whether the best weights are no longer those that made the features. Without weights nothing has moved on."""
    # An identity is the beginning of the hash (runs/checkpoint.py).
    return has_checkpoint(run.path) and not best_weights(run.path).startswith(features.checkpoint)


def best_weights(run: Path) -> str:
    """The hash of those that are asked; nothing where it is not written down."""
    from alexnet_studio.runs import manifest

    hashes = manifest.read(run / "checkpoints")
    return hashes.get("best.pt") or hashes.get("last.pt") or ""


def _log(run: RunFolder, reader: LogReader, problems: list[StudioError], *, is_quick: bool) -> Log:
    from alexnet_studio.runs.history import damaged

    try:
        log = reader.now() if is_quick else reader.tail(_SHOWN_FIRST)
    except StudioError as error:
        problems.append(error)
        return Log(np.empty((len(STEP_COLUMNS), 0)))
    problems.extend(damaged(run.metrics, line) for line in log.damaged[:1])
    return log


def _film(run: RunFolder, towers: int, problems: list[StudioError]) -> tuple[KernelFrame, ...]:
    from alexnet_studio.runs.film import Film

    try:
        return tuple(
            kernel_pictures.frame(seen.step, seen.epoch, kernels, towers)
            for seen, kernels in Film(run.kernels).shots()
        )
    except StudioError as error:
        problems.append(error)
        return ()


def _features(run: RunFolder, problems: list[StudioError]) -> FeatureFile | None:
    from alexnet_studio.runs import features

    layer = indexed_layer(run, "")
    if not layer:
        return None
    try:
        return features.read(run.features, layer)
    except StudioError as error:
        problems.append(error)
        return None


def _pictures(
    run: RunFolder, features: FeatureFile | None, problems: list[StudioError]
) -> tuple[dict[str, Pixels], tuple[str, ...]]:
    """What the run has kept of its images (rows of a memory map), and which queries it has answered already."""
    from alexnet_studio.runs import queries

    if features is None:
        return {}, ()
    kept = thumbnails_of(run, features)
    try:
        answered = queries.read(run.features, features.layer)
    except StudioError as error:
        problems.append(error)
        answered = None
    if answered is None:
        return kept, ()
    kept.update(zip(answered.paths, answered.thumbnails, strict=True))
    return kept, answered.paths
