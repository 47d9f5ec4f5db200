"""Work for the augmentation laboratory: one image fitted, the folder's colours, a batch as the network gets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.studio.jobs import Work
from alexnet_studio.studio.setup_building import Values
from alexnet_studio.studio.views import Pixels

if TYPE_CHECKING:
    from alexnet_studio.images.folder import ImageFolder
    from alexnet_studio.images.statistics import ColourStatistics
    from alexnet_studio.networks.spec import Spec

_SAMPLE = 200  # training images that the colours are taken of
BATCH = 16


@dataclass(frozen=True, slots=True)
class ImageFitted:
    """`pixels`: (side, side, C), from which squares of `size` are cut; `five` their places at test time."""

    path: str
    pixels: Pixels = field(compare=False)
    size: int = 0
    five: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ColoursMeasured:
    """Of `images` of the folder. `plane` (N, 2) and `cloud` (N, C): places and colours of some pixels.

    `strips`: for each principal axis the central crop at seven alphas, (axes, 7, S, S, C). `mean`: their mean image.
    `all`: of every training image.
    """

    images: int
    deviation: float
    statistics: ColourStatistics
    plane: NDArray[np.float64] = field(compare=False)
    cloud: Pixels = field(compare=False)
    strips: Pixels = field(compare=False)
    mean: Pixels = field(compare=False)
    all: bool = True

    @property
    def deviations(self) -> tuple[float, float]:
        """Along the first two axes; a grey folder has one."""
        first, second, *_ = (*self.statistics.eigenvalues, 0.0)
        return first**0.5, second**0.5


@dataclass(frozen=True, slots=True)
class BatchSeen:
    """The images number `first` and following of the first epoch, as the network gets them."""

    first: int
    paths: tuple[str, ...]
    pixels: Pixels = field(compare=False)


def look(folder: ImageFolder, path: str, spec: Spec, values: Values, first: int) -> Work:
    """Each part as soon as it is there. Raises what decoding raises."""
    from alexnet_studio.images import decode, prepare
    from alexnet_studio.images.direct import without_store
    from alexnet_studio.images.split import split
    from alexnet_studio.images.statistics import measure, normalised_by
    from alexnet_studio.images.store import Store
    from alexnet_studio.insight import colours
    from alexnet_studio.insight.views import five_places
    from alexnet_studio.training.plan import split_rule, unmeasured
    from alexnet_studio.training.preview import preview, sampled
    from alexnet_studio.training.recipe import Recipe

    recipe = Recipe.model_validate(dict(values))
    record = unmeasured(spec, recipe)
    fitted = prepare.fit(decode.read(folder.root / path, record.channels).pixels, record)
    yield ImageFitted(path, _kept(fitted), record.size, five_places(fitted, record.size))
    parts = split(folder, split_rule(recipe))
    store: Store | None = None
    for event in without_store(folder, sampled(parts.train, _SAMPLE), record):
        if isinstance(event, Store):
            store = event
        else:
            yield event
    if store is None or not len(store):
        return
    measured = measure(store, range(len(store)), seed=recipe.seed)
    seen = colours.cloud(store, range(len(store)), measured, seed=recipe.seed)
    crop = prepare.centre(fitted, record.size)
    # At least the paper's noise: a recipe without any would show seven equal pictures.
    deviation = recipe.colour_pca or 0.1
    strips = [
        colours.along_axis(crop, measured, axis, deviation) for axis in range(len(measured.eigenvalues))
    ]
    yield ColoursMeasured(
        images=len(store),
        deviation=deviation,
        statistics=measured,
        plane=seen.plane,
        cloud=_kept(seen.colours),
        strips=_kept(np.stack(strips)),
        mean=_kept(colours.mean_picture(store, range(len(store)))),
        all=len(parts.train) <= _SAMPLE,
    )
    named = normalised_by(record, measured)
    first = first if first < len(parts.train) else 0  # after the last batch, the first
    batch = preview(folder, parts, named, recipe, measured, first=first, count=BATCH)
    yield BatchSeen(first, batch.paths, _kept(batch.pixels))


def _kept(pixels: Pixels) -> Pixels:
    """A copy that nobody can change."""
    copy = np.array(pixels)
    copy.flags.writeable = False
    return copy
