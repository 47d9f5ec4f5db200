"""Work that asks a run: indexing its training images, and the classes and neighbours of an image."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.progress import finished
from alexnet_studio.runs import features as feature_files
from alexnet_studio.runs import queries
from alexnet_studio.runs.features import FeatureFile
from alexnet_studio.studio.dataset import label_of
from alexnet_studio.studio.jobs.folder import Decoded, shrink
from alexnet_studio.studio.jobs.run import has_checkpoint, seen
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.class_map import MapSeen
from alexnet_studio.studio.state.example import Measured
from alexnet_studio.studio.state.neighbours import Answer, FeaturesSeen, FoundImage
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.insight.loaded import LoadedRun
    from alexnet_studio.insight.neighbours import Neighbours
    from alexnet_studio.runs.folder import RunFolder

K_MAX = 24  # searched once; fewer are shown without searching again
_TOP = 10


@dataclass(frozen=True, slots=True)
class Indexed:
    features: FeaturesSeen
    thumbnails: dict[str, Pixels] = field(compare=False)
    note: str = ""


class Shelf:
    """The network that was asked last, and the search among the features that were searched last.

    Asking several images of one run loads its weights once. Used by worker threads only, one at a time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._network: tuple[tuple[Path, int], LoadedRun] | None = None
        self._search: tuple[tuple[Path, int], FeatureFile, Neighbours] | None = None

    def network(self, run: RunFolder) -> LoadedRun:
        from alexnet_studio.insight import loaded

        key = (run.path, _changed_ns(run.checkpoints / "manifest.json"))
        with self._lock:
            if self._network is None or self._network[0] != key:
                self._network = (key, loaded.load(run))
            return self._network[1]

    def search(self, run: RunFolder) -> tuple[FeatureFile, Neighbours] | None:
        """None where nothing was indexed yet."""
        from alexnet_studio.insight.neighbours import among

        names = feature_files.layers(run.features)
        if not names:
            return None
        key = (run.path, _changed_ns(run.features / f"{names[-1]}.json"))
        with self._lock:
            if self._search is None or self._search[0] != key:
                file = feature_files.read(run.features, names[-1])
                self._search = (key, file, finished(among(file)))
            return self._search[1], self._search[2]


def index(path: Path) -> Work:
    """Features of the run's training images, from its best weights."""
    from alexnet_studio.insight import features, loaded
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    yield None
    file: FeatureFile | None = None
    network = loaded.load(run)
    for event in features.embed(network, run):
        if isinstance(event, features.Embedded):
            file = feature_files.read(run.features, event.layer)
        else:
            yield event
    if file is not None:
        yield Indexed(seen(file), dict(zip(file.paths, file.thumbnails, strict=True)), network.note)


def measure(shelf: Shelf, path: Path, layer: str) -> Work:
    """The histogram of what arrives at the layer's activation, with the run's best weights."""
    from alexnet_studio.insight import pre_activations
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    yield None
    for event in pre_activations.pre_activations(shelf.network(run), run, layer):
        if isinstance(event, pre_activations.Histogram):
            yield Measured(event.layer, event.images, event.reach, event.counts)
        else:
            yield event


def draw_map(shelf: Shelf, path: Path, image: Path, zoom: float) -> Work:
    """What the run's network sees where on `image`, as a `MapSeen`."""
    from alexnet_studio.figures.class_map import class_map as figure_of
    from alexnet_studio.figures.save import encoded
    from alexnet_studio.insight.class_map import class_map
    from alexnet_studio.runs import folder as runs

    yield None
    found = class_map(shelf.network(runs.open(path)), image, zoom)
    yield None
    figure = figure_of(
        found.pixels, found.probabilities, found.start, found.jump, found.classes, title=image.name
    )
    yield MapSeen(str(image), found, encoded(figure, ".png"))


def ask(shelf: Shelf, path: Path, root: Path, images: tuple[str, ...]) -> Work:
    """An `Answer` for each image, a path relative to `root` or an absolute one; a failing one does not stop the others.

    What the run has answered before is taken from its query file, without weights and without torch.
    """
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    labels = {name: label for label, name in enumerate(run.record.classes)}
    for image in images:
        yield from _picture(root, image)
        try:
            yield _answer(shelf, run, root, image, labels)
        except StudioError as error:
            yield Answer(image, _truth(run, image, labels), error=error)


def _answer(shelf: Shelf, run: RunFolder, root: Path, image: str, labels: dict[str, int]) -> Answer:
    searched = shelf.search(run)
    known = _known(run, searched, image)
    if known is not None:
        probabilities, query, checkpoint = known
        note = ""
    else:
        from alexnet_studio.insight import predict

        network = shelf.network(run)
        probabilities, query = predict.query(network, root / image)
        checkpoint, note = network.checkpoint_id, network.note
    return Answer(
        image,
        _truth(run, image, labels),
        _top(probabilities, run.record.classes),
        () if searched is None else _found(*searched, query, image),
        checkpoint,
        note,
    )


def _known(
    run: RunFolder, searched: tuple[FeatureFile, Neighbours] | None, image: str
) -> tuple[NDArray[np.float32], NDArray[np.float32], str] | None:
    """The kept answer, where it was given by the weights that made the features (or where no weights are left)."""
    if searched is None:
        return None
    kept = queries.read(run.features, searched[0].layer)
    if kept is None or image not in kept.paths:
        return None
    if kept.checkpoint != searched[0].checkpoint and has_checkpoint(run.path):
        return None
    row = kept.paths.index(image)
    return kept.probabilities[row], kept.features[row], kept.checkpoint


def _top(probabilities: NDArray[np.float32], names: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-probabilities, kind="stable")[:_TOP]
    return tuple((names[int(label)], float(probabilities[label])) for label in order)


def _found(
    file: FeatureFile, search: Neighbours, query: NDArray[np.float32], image: str
) -> tuple[FoundImage, ...]:
    # One more than shown: an indexed image is its own nearest neighbour, which says nothing.
    found = search.search(query, K_MAX + 1)
    others = [
        FoundImage(file.paths[near.row], file.classes[near.row], near.distance)
        for near in found
        if file.paths[near.row] != image
    ]
    return tuple(others[:K_MAX])


def _truth(run: RunFolder, image: str, labels: dict[str, int]) -> str:
    """The class of an image of the run's own folder, from its path; nothing for one from elsewhere."""
    if Path(image).is_absolute():
        return ""
    label = label_of(image, labels)
    return "" if label is None else run.record.classes[label]


def _picture(root: Path, image: str) -> Work:
    from alexnet_studio.images import decode

    try:
        yield Decoded(image, shrink(decode.read(root / image).pixels))
    except StudioError:
        yield None  # the answer says what is wrong with the image


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
