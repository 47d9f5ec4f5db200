"""From the store to batches: cut, augment, normalise; prepared by threads, the same whatever their number."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from alexnet_studio.ground import seeds
from alexnet_studio.images import prepare
from alexnet_studio.images.ahead import ahead
from alexnet_studio.images.augment import Augmentation, Draw, central, draws
from alexnet_studio.images.balanced_order import balanced_order
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.normalise import Affine, affine, normalised, normalised_on
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.store import Store


@dataclass(frozen=True, slots=True)
class Batch:
    """`images`: (N, C, S, S) float32, normalised; or (N, S, S, C) uint8 with `how` they will be, on a device.

    `labels`: (N,) int64. `indices`: of the store. `of`: the images of the whole batch, where this is a process's share.
    """

    images: torch.Tensor
    labels: torch.Tensor
    indices: tuple[int, ...]
    how: Affine | None = None
    of: int | None = None

    @property
    def total(self) -> int:
        """The images that all processes together learn in this step."""
        return len(self.labels) if self.of is None else self.of

    def on(self, device: torch.device) -> torch.Tensor:
        """(N, C, S, S) float32 on the device, normalised, channels-last in memory."""
        if self.how is None:
            return self.images.to(device, non_blocking=True, memory_format=torch.channels_last)
        return normalised_on(device, self.images, self.how)


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
    balanced: bool = False,
    workers: int = 1,
    start: int = 0,
    share: tuple[int, int] = (0, 1),
    channels_last: bool = False,
    for_device: bool = False,
) -> Generator[Batch]:
    """The images at `indices` (of the store) in batches; the last one is smaller where they do not divide.

    `labels[i]` is that of store index i. Order and augmentation follow from seed, epoch and store index
    alone. `balanced` visits every class as often instead of every image once.
    `share` (rank, processes) gives a process its part of every batch: no image twice, none left out, an empty part
    where there are fewer images than processes. `start` is the first batch wanted, after a resume. `workers` 0
    prepares them in the calling thread.
    `for_device` leaves the floating point to the device (`Batch.on`), and pins the bytes where CUDA is there.
    Closing the generator joins its threads; what a thread raises is raised here, and `Failed` ("read_hangs").
    """
    visited, repeats = _visited(labels, indices, seed, epoch, shuffle=shuffle, balanced=balanced)
    places = range(0, len(visited), batch_size)

    def prepared(place: int) -> Batch:
        rank, processes = share
        total = min(batch_size, len(visited) - place)
        first, end = place + rank * total // processes, place + (rank + 1) * total // processes
        some = tuple(visited[first:end])
        again = repeats[first:end]
        # An image that comes again in the epoch is drawn for as another one.
        drawn_for = [index + repeat * len(labels) for index, repeat in zip(some, again, strict=True)]
        drawn = _drawn(augmentation, record, seed, epoch, drawn_for, first)
        views = cut((store.pixels(index) for index in some), drawn, record)
        how = affine(record, len(some), drawn)
        targets = torch.tensor([labels[i] for i in some], dtype=torch.int64)
        if for_device:
            return Batch(_pinned(views), targets, some, how, total)
        images = normalised(views, record, how=how, channels_last=channels_last)
        return Batch(images, targets, some, of=total)

    if store.watch is not None:
        workers = max(1, workers)  # the calling thread could not tell that a file does not answer
    return ahead(prepared, places[start:], workers=workers, watch=store.watch)


def central_views(
    store: Store, indices: Sequence[int], record: InputRecord, *, batch_size: int, channels_last: bool = False
) -> Generator[Batch]:
    """The images at `indices` (of the store) in that order as at test time; of nobody's class: every label is 0."""
    unlabelled = [0] * len(store)
    return batches(
        store,
        unlabelled,
        indices,
        record,
        batch_size=batch_size,
        seed=0,
        epoch=0,
        channels_last=channels_last,
    )


def cut(images: Iterable[Pixels], drawn: Sequence[Draw], record: InputRecord) -> Pixels:
    """(N, S, S, C): of each image, fitted if it is small, what was drawn for it."""
    views = np.empty((len(drawn), record.size, record.size, record.channels), np.uint8)
    for place, draw, pixels in zip(views, drawn, images, strict=True):
        _put(draw.view(prepare.fit(pixels, record), record.size), place)
    return views


def image_tensor(pixels: Pixels, record: InputRecord) -> torch.Tensor:
    """The central view of one decoded image: (C, S, S) float32."""
    view = prepare.centre(prepare.fit(pixels, record), record.size)
    return normalised(view[np.newaxis], record)[0]


def _visited(
    labels: Sequence[int], indices: Sequence[int], seed: int, epoch: int, *, shuffle: bool, balanced: bool
) -> tuple[Sequence[int], Sequence[int]]:
    """The indices of an epoch in their order, and how often each came before in it."""
    if not balanced:
        places = order(len(indices), seed=seed, epoch=epoch) if shuffle else range(len(indices))
        return [indices[i] for i in places], [0] * len(indices)
    positions, repeats = balanced_order([labels[index] for index in indices], seed=seed, epoch=epoch)
    return [indices[position] for position in positions], repeats


def _drawn(
    augmentation: Augmentation | None,
    record: InputRecord,
    seed: int,
    epoch: int,
    some: Sequence[int],
    place: int,
) -> list[Draw]:
    if augmentation is None:
        return [central(record.resize_to, record.size)] * len(some)
    return draws(
        augmentation, record.resize_to, record.size, seed=seed, epoch=epoch, indices=some, first=place
    )


def _put(view: Pixels, place: Pixels) -> None:
    if view.strides[1] < 0:  # reflected: channel by channel, which numpy does four times as fast
        for channel in range(view.shape[2]):
            place[..., channel] = view[..., channel]
    else:
        place[...] = view


def _pinned(views: Pixels) -> torch.Tensor:
    """Memory that a CUDA device reads while the processor goes on."""
    held = torch.as_tensor(views)
    return held.pin_memory() if torch.cuda.is_available() else held
