"""From the store to batches: cut, augment, normalise; prepared by threads, the same whatever their number."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from alexnet_studio.ground import seeds
from alexnet_studio.images import prepare
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.augment import Augmentation, Draw, draw
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store import Store


@dataclass(frozen=True, slots=True)
class Batch:
    """`images`: (N, C, S, S) float32, normalised. `labels`: (N,) int64. `indices`: of the store."""

    images: torch.Tensor
    labels: torch.Tensor
    indices: tuple[int, ...]


def order(count: int, *, seed: int, epoch: int) -> list[int]:
    """The order in which an epoch visits `count` images: each once."""
    return [int(i) for i in seeds.generator("order", seed, epoch).permutation(count)]


def batches(
    store: Store,
    labels: Sequence[int],
    indices: Sequence[int],
    record: InputRecord,
    *,
    batch_size: int,
    seed: int,
    epoch: int,
    augmentation: Augmentation | None = None,
    shuffle: bool = False,
    workers: int = 1,
    start: int = 0,
    channels_last: bool = False,
) -> Generator[Batch]:
    """The images at `indices` (of the store) in batches; the last one is smaller where they do not divide.

    `labels[i]` is that of store index i. Order and augmentation follow from seed, epoch and store index
    alone. `start` is the first batch wanted, after a resume. `workers` 0 prepares them in the calling thread.
    Closing the generator joins its threads; what a thread raises is raised here.
    """
    visited = [indices[i] for i in order(len(indices), seed=seed, epoch=epoch)] if shuffle else indices
    chosen = [tuple(visited[at : at + batch_size]) for at in range(0, len(visited), batch_size)]
    slack = record.resize_to - record.size

    def prepared(some: tuple[int, ...]) -> Batch:
        draws = [_draw(augmentation, slack, seed, epoch, index) for index in some]
        crops = [one.view(_fitted(store, i, record), record.size) for one, i in zip(draws, some, strict=True)]
        return Batch(
            normalised(np.stack(crops), record, colour=_colours(draws), channels_last=channels_last),
            torch.tensor([labels[i] for i in some], dtype=torch.int64),
            some,
        )

    return ahead(prepared, chosen[start:], workers=workers)


def image_tensor(pixels: Pixels, record: InputRecord) -> torch.Tensor:
    """The central view of one decoded image: (C, S, S) float32."""
    view = prepare.centre(prepare.fit(pixels, record), record.size)
    return normalised(view[np.newaxis], record)[0]


def normalised(
    views: Pixels,
    record: InputRecord,
    *,
    colour: NDArray[np.float64] | None = None,
    channels_last: bool = False,
) -> torch.Tensor:
    """(N, S, S, C) uint8 in RGB to (N, C, S, S) float32 as `record` wants it: the one way to a network.

    `colour` (N, C) is added to every pixel of its image, RGB in units of 0..1. It is done in numpy, because
    torch would start threads of its own in each of the loader's.
    """
    count, side, _, channels = views.shape
    unit = 255.0 if record.range == "0..255" else 1.0
    std = np.array(record.std)
    added = np.zeros((count, channels)) if colour is None else colour * unit
    if record.order == "BGR":
        views, added = views[..., ::-1], added[:, ::-1]
    scale = (unit / 255.0 / std).astype(np.float32)
    shift = ((added - np.array(record.mean)) / std).astype(np.float32)
    if channels_last:
        # A row at a time: numpy is slow where the innermost axis holds three numbers.
        rows = views.astype(np.float32).reshape(count, side, side * channels)
        rows *= np.tile(scale, side)
        rows += np.tile(shift, side)[:, np.newaxis]
        return torch.as_tensor(rows.reshape(count, side, side, channels)).permute(0, 3, 1, 2)
    planes = views.transpose(0, 3, 1, 2).astype(np.float32, order="C")
    planes *= scale[:, np.newaxis, np.newaxis]
    planes += shift[:, :, np.newaxis, np.newaxis]
    return torch.as_tensor(planes)


def _fitted(store: Store, index: int, record: InputRecord) -> Pixels:
    return prepare.fit(store.pixels(index), record)


def _draw(augmentation: Augmentation | None, slack: int, seed: int, epoch: int, index: int) -> Draw:
    if augmentation is None:
        return Draw(slack // 2, slack // 2, mirrored=False)
    return draw(augmentation, slack, seed=seed, epoch=epoch, index=index)


def _colours(draws: Sequence[Draw]) -> NDArray[np.float64] | None:
    colours = [one.colour for one in draws if one.colour is not None]
    return np.stack(colours) if colours else None
