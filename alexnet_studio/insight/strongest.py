"""The nine images that excite each unit most, and where: all units of all layers in one pass over the images."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.loader import central_views
from alexnet_studio.insight.activations import Pixels, seen_layers, view_of
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.run_images import Held, decoded, recorded
from alexnet_studio.networks.receptive import receptive_field
from alexnet_studio.networks.spec import named_layer
from alexnet_studio.runs import patches
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.patches import STRONGEST, PatchFile

_BATCH = 32  # as when indexing: small enough to stop within 0.2 s with the networks that a laptop trains


@dataclass(frozen=True, slots=True)
class Gathered:
    """`units` of each layer. `left_out` counts images that are gone or cannot be decoded."""

    images: int
    layers: tuple[tuple[str, int], ...]
    seconds: float
    left_out: int = 0


class Ranking:
    """The strongest nine so far of each unit of one layer; of equal values what was seen first stays first.

    Of an image counts the largest value only, so that a unit's nine are nine images.
    """

    def __init__(self) -> None:
        self.values = np.empty((0, STRONGEST), np.float32)
        self.images = np.empty((0, STRONGEST), np.int32)
        self.places = np.empty((0, STRONGEST), np.int32)  # row * width + column
        self._width = 1

    def add(self, outputs: torch.Tensor, first: int) -> None:
        """`outputs` (N, U, H, W) or (N, U) of the images `first`, `first` + 1, ..."""
        self._width = outputs.shape[3] if outputs.dim() == 4 else 1
        # Of equal places the first in reading order, as torch promises.
        best, where = (
            outputs.flatten(2).max(2) if outputs.dim() == 4 else (outputs, torch.zeros_like(outputs))
        )
        self._merge(best.float().cpu().numpy().T, where.cpu().numpy().T.astype(np.int32), first)

    def coordinates(self) -> NDArray[np.int32]:
        """(U, 9, 2): rows and columns."""
        return np.stack([self.places // self._width, self.places % self._width], axis=2).astype(np.int32)

    def _merge(self, values: NDArray[np.float32], places: NDArray[np.int32], first: int) -> None:
        """Of (U, N) values."""
        units, count = values.shape
        if not len(self.values):
            self.values = np.full((units, STRONGEST), -np.inf, np.float32)
            self.images = np.full((units, STRONGEST), -1, np.int32)
            self.places = np.zeros((units, STRONGEST), np.int32)
        # Later on, few units meet anything stronger than their ninth.
        changed = np.flatnonzero(values.max(axis=1) > self.values[:, -1])
        joined = np.concatenate([self.values[changed], values[changed]], axis=1)
        order = np.argsort(-joined, axis=1, kind="stable")[:, :STRONGEST]
        numbers = np.broadcast_to(np.arange(first, first + count, dtype=np.int32), (len(changed), count))
        for kept, new in ((self.images, numbers), (self.places, places[changed])):
            kept[changed] = np.take_along_axis(np.concatenate([kept[changed], new], axis=1), order, axis=1)
        self.values[changed] = np.take_along_axis(joined, order, axis=1)


def gather(loaded: LoadedRun, run: RunFolder, layers: Sequence[str] = ()) -> Generator[Progress | Gathered]:
    """Of the run's training images, for `layers` or all of them, written into the run; the last event is the answer.

    Closing this earlier leaves what was gathered before. Raises `BadInput` ("unknown_layer", "run_images_missing", and
    what decoding raises) and `Failed` ("answers_not_finite", "disk_full", "not_writable").
    """
    begin = time.monotonic()
    wanted = tuple(named_layer(loaded.spec, name) for name in layers) or seen_layers(loaded.spec)
    chosen = yield from recorded(run, run.record.split.train)
    held = yield from decoded(chosen, loaded.record)
    rankings = yield from _ranked(loaded, held, frozenset(wanted))
    paths = chosen.paths(held.positions)
    for layer, ranking in rankings.items():
        patches.write(run.path, _file(loaded, layer, ranking, paths, chosen.folder.root))
    yield Gathered(
        len(paths),
        tuple((layer, len(ranking.values)) for layer, ranking in rankings.items()),
        time.monotonic() - begin,
        len(chosen.wanted) - len(paths) + chosen.missing,
    )


def unit_patches(root: Path, loaded: LoadedRun, found: PatchFile, unit: int) -> Generator[tuple[int, Pixels]]:
    """(place in the nine, patch): what the unit saw of each image that is still there, cut at the image's borders.

    `root` is where the images lie now. Raises `BadInput` ("image_unreadable") where an image has gone.
    """
    for place in range(STRONGEST):
        image = int(found.images[unit, place])
        if image >= 0:
            view = view_of(root / found.paths[image], loaded.record)
            row, column = map(int, found.places[unit, place])
            seen = receptive_field(loaded.spec, found.layer, row, column)
            yield place, view[seen.top : seen.bottom, seen.left : seen.right]


def _ranked(
    loaded: LoadedRun, held: Held, wanted: frozenset[str]
) -> Generator[Progress, None, dict[str, Ranking]]:
    rankings: dict[str, Ranking] = {}
    done = 0
    for batch in central_views(held.store, held.indices, loaded.record, batch_size=_BATCH):
        _rank(loaded, batch.images, wanted, rankings, done)
        done += len(batch.images)
        yield Progress("patches", done, len(held.indices))
    return {layer: rankings[layer] for layer in seen_layers(loaded.spec) if layer in rankings}


def _rank(
    loaded: LoadedRun, images: torch.Tensor, wanted: frozenset[str], rankings: dict[str, Ranking], first: int
) -> None:
    """Nothing is computed behind the last layer that is wanted."""
    left = set(wanted)
    with torch.inference_mode():
        for name, out in loaded.network.outputs(images.to(loaded.device.torch())):
            if name in left:
                _require_finite(out, name, loaded)
                rankings.setdefault(name, Ranking()).add(out, first)
                left.discard(name)
            if not left:
                return


def _require_finite(out: torch.Tensor, layer: str, loaded: LoadedRun) -> None:
    if not bool(torch.isfinite(out.sum())) and not bool(torch.isfinite(out).all()):
        raise Failed(
            "answers_not_finite",
            "What {layer} answers with the weights {checkpoint} is not finite. Look at another checkpoint.",
            layer=layer,
            checkpoint=loaded.checkpoint_id,
        )


def _file(loaded: LoadedRun, layer: str, ranking: Ranking, paths: Sequence[str], root: Path) -> PatchFile:
    """With the paths of those images alone that are among some unit's nine."""
    used = sorted({int(image) for image in ranking.images.ravel() if image >= 0})
    renumbered = np.full(len(paths) + 1, -1, np.int32)  # the last entry answers for -1
    renumbered[used] = np.arange(len(used), dtype=np.int32)
    return PatchFile(
        layer,
        loaded.checkpoint_id,
        str(root),
        len(paths),
        _at(paths, used),
        ranking.values,
        renumbered[ranking.images],
        ranking.coordinates(),
    )


def _at(paths: Sequence[str], positions: Iterable[int]) -> tuple[str, ...]:
    return tuple(paths[position] for position in positions)
