"""What is loaded of a run once and asked often, and work that asks it about a layer or a large image."""

from __future__ import annotations

import threading
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs import features as feature_files
from alexnet_studio.runs.features import FeatureFile
from alexnet_studio.studio.jobs.indexed import indexed_layer, keys_of
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.class_map import MapSeen
from alexnet_studio.studio.state.example import Measured

if TYPE_CHECKING:
    from alexnet_studio.insight.loaded import LoadedRun
    from alexnet_studio.insight.neighbours import Neighbours
    from alexnet_studio.insight.pixel_space import PixelSpace
    from alexnet_studio.runs.folder import RunFolder

_Key = tuple[Path, int]  # a file, and when it was changed (ns)


@dataclass(frozen=True, slots=True)
class Searched:
    """The features of one layer, ready to be searched.

    `keys`: what the window calls each image, its path in the run's own folder or an absolute one.
    `batches`: which batch of 2012's program each is in.
    """

    file: FeatureFile
    search: Neighbours
    keys: tuple[str, ...]
    batches: NDArray[np.int64]


class Shelf:
    """The network that was asked last, and the search among the features that were searched last.

    Asking several images of one run loads its weights once. Used by worker threads only; what takes long is made
    outside the lock, so that nobody waits for what another one may cancel.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run: tuple[_Key, RunFolder] | None = None
        self._network: tuple[_Key, LoadedRun] | None = None
        self._searched: tuple[_Key, Searched] | None = None
        self._pixels: tuple[_Key, PixelSpace] | None = None

    def run(self, path: Path) -> RunFolder:
        """As `runs.folder.open`; the record of a million images takes a second to read."""
        from alexnet_studio.runs import folder as runs

        key = (path, _changed_ns(path / runs.RECORD_NAME))
        with self._lock:
            if self._run is None or self._run[0] != key:
                self._run = (key, runs.open(path))
            return self._run[1]

    def network(self, run: RunFolder) -> LoadedRun:
        from alexnet_studio.insight import loaded

        key = (run.path, _changed_ns(run.checkpoints / "manifest.json"))
        with self._lock:
            if self._network is None or self._network[0] != key:
                self._network = (key, loaded.load(run))
            return self._network[1]

    def searched(self, run: RunFolder, layer: str) -> Generator[Progress, None, Searched | None]:
        """None where the layer was not indexed yet; "" is the last hidden one, or what there is.

        Raises `BadInput` ("features_damaged") and what `among` raises.
        """
        from alexnet_studio.insight.neighbours import among
        from alexnet_studio.insight.shortcut import batches_of

        layer = indexed_layer(run, layer)
        if not layer:
            return None
        key = (run.features / layer, _changed_ns(feature_files.json_of(run.features, layer)))
        if self._searched is None or self._searched[0] != key:
            file = feature_files.read(run.features, layer)
            search = yield from among(file)
            made = Searched(file, search, keys_of(run, file), batches_of(len(file.paths)))
            self._searched = (key, made)
            return made
        return self._searched[1]

    def pixels(self, run: RunFolder, searched: Searched) -> Generator[Progress, None, PixelSpace]:
        """Raises what `pixel_space.opened` raises."""
        from alexnet_studio.insight.pixel_space import opened

        name = searched.file.layer
        key = (run.features / name, _changed_ns(feature_files.json_of(run.features, name)))
        if self._pixels is None or self._pixels[0] != key:
            made = yield from opened(run, searched.file, self.network(run).record)
            self._pixels = (key, made)
            return made
        return self._pixels[1]


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


def _changed_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
