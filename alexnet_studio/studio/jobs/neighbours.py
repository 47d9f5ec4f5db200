"""Work that asks a run about images: their classes, and what is near them by features and beside these."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput, StudioError
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs import queries
from alexnet_studio.studio.dataset import label_of
from alexnet_studio.studio.jobs.folder import Decoded, shrink
from alexnet_studio.studio.jobs.insight import Searched, Shelf
from alexnet_studio.studio.jobs.run import has_checkpoint
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.neighbours import Answer, Beside, FoundImage, Space

if TYPE_CHECKING:
    from alexnet_studio.insight.neighbours import Neighbour
    from alexnet_studio.runs.folder import RunFolder

_TOP = 10


@dataclass(frozen=True, slots=True)
class BesideFound:
    image: str
    space: Space
    beside: Beside


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the run in the folder `run`: of features of `layer` ("": the last hidden one), the `reach`
    nearest. Images are paths relative to `root`, or absolute ones.
    """

    run: Path
    root: Path
    layer: str
    reach: int


def ask(shelf: Shelf, asked: Asked, images: tuple[str, ...]) -> Work:
    """An `Answer` for each image; a failing one does not stop the others.

    What the run has answered before is taken from its query file, without weights and without torch.
    """
    run = shelf.run(asked.run)
    for image in images:
        yield from _picture(asked.root, image)
        try:
            yield (yield from _answer(shelf, run, asked, image))
        except StudioError as error:
            yield Answer(image, _truth(run, image), error=error)


def look_beside(shelf: Shelf, asked: Asked, images: tuple[str, ...], space: Space) -> Work:
    """A `BesideFound` for each image."""
    run = shelf.run(asked.run)
    look = _pixels if space == "pixels" else _shortcuts
    try:
        searched = yield from shelf.searched(run, asked.layer)
        if searched is not None:
            yield from look(shelf, run, searched, asked, images)
    except StudioError as error:
        for image in images:
            yield BesideFound(image, space, Beside(error=error))


def _answer(shelf: Shelf, run: RunFolder, asked: Asked, image: str) -> Generator[Progress, None, Answer]:
    searched = yield from shelf.searched(run, asked.layer)
    seen = _seen(shelf, run, searched, asked.root / image, image)
    found = () if searched is None else searched.search.search(seen.features, asked.reach + 1)
    return Answer(
        image,
        _truth(run, image),
        _top(seen.probabilities, run.record.classes),
        () if searched is None else _found(searched, found, asked.root, image),
        seen.checkpoint,
        seen.note,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """(classes,) and (dimensions,) of one image, and the weights that answered; no probabilities of an image that only
    the index knows.
    """

    probabilities: NDArray[np.float32]
    features: NDArray[np.float32]
    checkpoint: str
    note: str = ""


def _seen(shelf: Shelf, run: RunFolder, searched: Searched | None, file: Path, image: str) -> _Seen:
    known = None if searched is None else _known(run, searched, image)
    if known is not None:
        return known
    try:
        return _asked_now(shelf, run, searched, file)
    except BadInput:
        # Without its file or without weights, an indexed image still has its features.
        if searched is None or image not in searched.keys:
            raise
        features = searched.file.features[searched.keys.index(image)]
        return _Seen(np.empty(0, np.float32), features, searched.file.checkpoint)


def _asked_now(shelf: Shelf, run: RunFolder, searched: Searched | None, file: Path) -> _Seen:
    from alexnet_studio.insight import predict

    network = shelf.network(run)
    probabilities, features = predict.query(network, file, None if searched is None else searched.file.layer)
    return _Seen(probabilities, features, network.checkpoint_id, network.note)


def _known(run: RunFolder, searched: Searched, image: str) -> _Seen | None:
    """The kept answer, where it was given by the weights that made the features (or where no weights are left)."""
    kept = queries.read(run.features, searched.file.layer)
    if kept is None or image not in kept.paths:
        return None
    if kept.checkpoint != searched.file.checkpoint and has_checkpoint(run.path):
        return None
    row = kept.paths.index(image)
    return _Seen(kept.probabilities[row], kept.features[row], kept.checkpoint)


def _pixels(shelf: Shelf, run: RunFolder, searched: Searched, asked: Asked, images: Sequence[str]) -> Work:
    """All images go through the indexed ones together."""
    from alexnet_studio.insight.pixel_space import nearest_pixels, view_of

    space = yield from shelf.pixels(run, searched)
    views: dict[str, NDArray[np.uint8]] = {}
    for image in images:
        try:
            views[image] = view_of(asked.root / image, space.record)
        except StudioError as error:
            yield BesideFound(image, "pixels", Beside(error=error))
    if not views:
        return
    rows = yield from nearest_pixels(space, np.stack(list(views.values())), asked.reach + 1)
    for image, found in zip(views, rows, strict=True):
        yield BesideFound(image, "pixels", Beside(_found(searched, found, asked.root, image)))


def _shortcuts(shelf: Shelf, run: RunFolder, searched: Searched, asked: Asked, images: Sequence[str]) -> Work:
    from alexnet_studio.insight.shortcut import shortcut

    for image in images:
        try:
            features = _seen(shelf, run, searched, asked.root / image, image).features
            kept = shortcut(searched.search, features, asked.reach + 1, searched.batches)
            yield BesideFound(image, "shortcut", Beside(_found(searched, kept.found, asked.root, image)))
        except StudioError as error:
            yield BesideFound(image, "shortcut", Beside(error=error))


def _found(searched: Searched, found: Sequence[Neighbour], root: Path, image: str) -> tuple[FoundImage, ...]:
    query, source = (root / image).resolve(), Path(searched.file.source)
    # A folder that is not here at all says nothing about its images.
    there = {folder for folder in (root, source) if folder.is_dir()}

    def seen(near: Neighbour) -> FoundImage:
        key = searched.keys[near.row]
        file = root / key  # an absolute key stays what it is
        folder = source if Path(key).is_absolute() else root
        return FoundImage(
            key,
            searched.file.classes[near.row],
            near.distance,
            itself=file.resolve() == query,
            gone=folder in there and not file.exists(),
        )

    return tuple(map(seen, found))


def _top(probabilities: NDArray[np.float32], names: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-probabilities, kind="stable")[:_TOP]
    return tuple((names[int(label)], float(probabilities[label])) for label in order)


def _truth(run: RunFolder, image: str) -> str:
    """The class of an image of the run's own folder, from its path; nothing for one from elsewhere."""
    if Path(image).is_absolute():
        return ""
    names = run.record.classes
    label = label_of(image, {name: label for label, name in enumerate(names)})
    return "" if label is None else names[label]


def _picture(root: Path, image: str) -> Work:
    from alexnet_studio.images import decode

    try:
        yield Decoded(image, shrink(decode.read(root / image).pixels))
    except StudioError:
        yield None  # the answer says what is wrong with the image
