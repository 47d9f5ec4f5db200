"""What a run has kept of its indexed images, without torch."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.runs import features as feature_files
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.runs.features import FeatureFile
    from alexnet_studio.runs.folder import RunFolder


def indexed_layer(run: RunFolder, wanted: str) -> str:
    """`wanted` if it was indexed; of "" the last hidden layer, or else what there is; "" for nothing."""
    from alexnet_studio.networks import spec_file
    from alexnet_studio.networks.spec import hidden_layer

    names = feature_files.layers(run.features)
    if wanted or not names:
        return wanted if wanted in names else ""
    with contextlib.suppress(StudioError):
        hidden = hidden_layer(spec_file.from_json(run.record.network, str(run.path)))
        if hidden in names:
            return hidden
    return names[-1]


def keys_of(run: RunFolder, file: FeatureFile) -> tuple[str, ...]:
    """What the window calls the images of a feature file: selection, thumbnails and labels go by it."""
    own = {*run.record.split.train, *run.record.split.val}
    source = Path(file.source)
    return tuple(path if path in own else str(source / path) for path in file.paths)


def thumbnails_of(run: RunFolder, file: FeatureFile) -> dict[str, Pixels]:
    """Rows of a memory map."""
    return dict(zip(keys_of(run, file), file.thumbnails, strict=True))
