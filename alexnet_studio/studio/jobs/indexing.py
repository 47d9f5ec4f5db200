"""Work that makes a run's features, and that reads those of another layer."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.runs import features as feature_files
from alexnet_studio.studio.jobs.indexed import thumbnails_of
from alexnet_studio.studio.jobs.run import is_outdated, seen
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.neighbours import FeaturesSeen
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.runs.features import FeatureFile


@dataclass(frozen=True, slots=True)
class Indexed:
    features: FeaturesSeen
    thumbnails: dict[str, Pixels] = field(compare=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class LookedUp:
    """`features` is None where the layer was not indexed."""

    layer: str
    features: FeaturesSeen | None = None
    outdated: bool = False
    thumbnails: dict[str, Pixels] = field(default_factory=dict[str, Pixels], compare=False)


def index(path: Path, layer: str) -> Work:
    """Features of the run's training images, from its best weights; "" is the last hidden layer."""
    from alexnet_studio.insight import features, loaded
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    yield None
    file: FeatureFile | None = None
    network = loaded.load(run)
    for event in features.embed(network, run, layer=layer or None):
        if isinstance(event, features.Embedded):
            file = feature_files.read(run.features, event.layer)
        else:
            yield event
    if file is not None:
        yield Indexed(seen(file), thumbnails_of(run, file), network.note)


def look_up(path: Path, layer: str) -> Work:
    """What the run has kept of a layer, as `LookedUp`."""
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    yield None
    if layer not in feature_files.layers(run.features):
        yield LookedUp(layer)
        return
    file = feature_files.read(run.features, layer)
    yield LookedUp(layer, seen(file), is_outdated(run, file), thumbnails_of(run, file))
