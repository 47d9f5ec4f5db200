"""Work for the Map panel: the map that a run has kept, or a new one."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio.jobs.indexed import keys_of
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.feature_map import FeatureMapSeen

if TYPE_CHECKING:
    from alexnet_studio.runs.features import FeatureFile
    from alexnet_studio.runs.folder import RunFolder
    from alexnet_studio.runs.maps import FeatureMap, Method


def look(path: Path, layer: str, method: Method, *, again: bool = False, keep: bool = True) -> Work:
    """A `FeatureMapSeen`. A kept t-SNE of earlier features is shown as outdated, not made `again` unasked.

    Raises what `features.read` and `feature_map` raise.
    """
    from alexnet_studio.insight.feature_map import feature_map
    from alexnet_studio.runs import features, maps
    from alexnet_studio.runs import folder as runs

    run = runs.open(path)
    file = features.read(run.features, layer)
    yield None
    key = maps.identity(file)
    kept = None if again else maps.read(run.features, layer, method)
    if kept is not None and kept.features == key:
        yield _seen(run, file, kept)
        return
    if kept is not None and method == "tsne" and maps.of_same_images(kept.features, key):
        yield _seen(run, file, kept, outdated=True)
        return
    for event in feature_map(file, method):
        if isinstance(event, maps.FeatureMap):
            if keep:
                with contextlib.suppress(StudioError):  # a folder that cannot be written to keeps none
                    maps.write(run.features, event)
            yield _seen(run, file, event)
        else:
            yield event


def _seen(run: RunFolder, file: FeatureFile, made: FeatureMap, *, outdated: bool = False) -> FeatureMapSeen:
    rows: list[int] = made.rows.tolist()
    keys = keys_of(run, file)
    names = tuple(dict.fromkeys((*run.record.classes, *file.classes)))
    number = {name: label for label, name in enumerate(names)}
    return FeatureMapSeen(
        made,
        tuple(keys[row] for row in rows),
        np.array([number[file.classes[row]] for row in rows], np.int64),
        names,
        file.thumbnails,
        outdated,
    )
