"""Waiting for a store that somebody else is filling, rather than decoding its images a second time."""

from __future__ import annotations

import time
from collections.abc import Generator

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.store_files import StoreFiles, in_use

_LOOK_S = 0.1
_PATIENCE_S = 10.0  # without a new image: whoever fills it has been paused, or hangs


def followed(files: StoreFiles) -> Generator[Progress]:
    """How far the other is, until it has ended or seems to have."""
    waiting, since = files.waiting(), time.monotonic()
    while in_use(files.folder) and time.monotonic() - since < _PATIENCE_S:
        yield Progress("decode", files.count - waiting, files.count)
        time.sleep(_LOOK_S)
        before, waiting = waiting, files.waiting()
        if waiting < before:
            since = time.monotonic()
