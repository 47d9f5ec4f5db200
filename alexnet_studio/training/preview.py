"""What a training's batches look like, before it begins: the very pixels that the network will get."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alexnet_studio.images.augment import draws
from alexnet_studio.images.decode import UnreadableError
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.loader import cut, order
from alexnet_studio.images.normalise import affine, normalised
from alexnet_studio.images.prepare import Pixels
from alexnet_studio.images.split import Split
from alexnet_studio.images.statistics import ColourStatistics
from alexnet_studio.images.store_writer import held_pixels
from alexnet_studio.training.feeding import augmentation
from alexnet_studio.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Preview:
    """`pixels`: uint8 (N, S, S, C), what the network gets with the normalisation taken back; `paths` beside them."""

    pixels: Pixels
    paths: tuple[str, ...]


def preview(
    folder: ImageFolder,
    parts: Split,
    record: InputRecord,
    recipe: Recipe,
    colour: ColourStatistics,
    *,
    first: int = 0,
    count: int = 16,
) -> Preview:
    """The images number `first` and following of the first epoch. Those that cannot be read are left out.

    It is what the training will see where every image can be read: one that cannot moves the numbers of the others.
    """
    used = sorted((*parts.train, *parts.val))
    index_of = {position: index for index, position in enumerate(used)}
    visited = [parts.train[i] for i in order(len(parts.train), seed=recipe.seed, epoch=0)][
        first : first + count
    ]
    held = [(position, held_pixels(folder, folder.images[position], record)) for position in visited]
    good = [(position, pixels) for position, pixels in held if not isinstance(pixels, UnreadableError)]
    if not good:
        return Preview(np.empty((0, record.size, record.size, record.channels), np.uint8), ())
    drawn = draws(
        augmentation(recipe, colour),
        record.resize_to,
        record.size,
        seed=recipe.seed,
        epoch=0,
        indices=[index_of[position] for position, _ in good],
        first=first,
    )
    wide = (np.broadcast_to(pixels, (*pixels.shape[:2], record.channels)) for _, pixels in good)
    views = cut(wide, drawn, record)
    given = normalised(views, record, how=affine(record, len(good), drawn)).numpy()
    return Preview(shown(given, record), tuple(folder.images[position].path for position, _ in good))


def shown(images: np.ndarray[tuple[int, ...], np.dtype[np.float32]], record: InputRecord) -> Pixels:
    """(N, C, S, S) as a network gets them, to uint8 (N, S, S, C) in RGB: values beyond black and white are cut."""
    mean, std = (np.array(part)[:, np.newaxis, np.newaxis] for part in (record.mean, record.std))
    unit = 1.0 if record.range == "0..255" else 255.0
    pixels = np.clip(np.rint((images * std + mean) * unit), 0, 255).astype(np.uint8).transpose(0, 2, 3, 1)
    return np.ascontiguousarray(pixels[..., ::-1] if record.order == "BGR" else pixels)


def sampled(positions: Sequence[int], count: int) -> tuple[int, ...]:
    """`count` of them, evenly spread."""
    return tuple(positions[:: max(1, len(positions) // count)][:count])
