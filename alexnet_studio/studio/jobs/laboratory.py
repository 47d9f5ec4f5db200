"""Work for the augmentation laboratory: one image fitted, the folder's colours, a batch as the network gets it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput, StudioError
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.setup_building import Values
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.images.folder import ImageFolder
    from alexnet_studio.images.statistics import ColourStatistics
    from alexnet_studio.images.store import Store
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

    @property
    def last(self) -> int:
        """The last place of a square, each way; the first is 0."""
        return self.pixels.shape[0] - self.size

    def crop(self, place: tuple[int, int], *, mirrored: bool) -> Pixels:
        """(size, size, C), a view: what the network would see of it."""
        top, left = place
        cut = self.pixels[top : top + self.size, left : left + self.size]
        return cut[:, ::-1] if mirrored else cut


@dataclass(frozen=True, slots=True)
class ImageUnreadable:
    path: str
    error: StudioError


@dataclass(frozen=True, slots=True)
class ColoursMeasured:
    """Of `images` of the folder. `plane` (N, 2) and `cloud` (N, C): places and colours of some pixels.

    `swatches`: the mean colour at seven places along each axis, (axes, 7, C). `mean`: their mean image. `deviation`:
    of alpha, the recipe's or the paper's. `all`: of every training image.
    """

    images: int
    deviation: float
    statistics: ColourStatistics
    plane: NDArray[np.float64] = field(compare=False)
    cloud: Pixels = field(compare=False)
    swatches: Pixels = field(compare=False)
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


def fit(folder: ImageFolder, path: str, spec: Spec, values: Values) -> Work:
    """`path` may also be an image from elsewhere. One that cannot be read is an answer, too."""
    from alexnet_studio.images import decode, prepare
    from alexnet_studio.insight.views import five_places
    from alexnet_studio.training.plan import unmeasured
    from alexnet_studio.training.recipe import Recipe

    record = unmeasured(spec, Recipe.model_validate(dict(values)))
    yield None
    try:
        fitted = prepare.fit(decode.read(folder.root / path, record.channels).pixels, record)
    except StudioError as error:
        yield ImageUnreadable(path, error)
        return
    yield ImageFitted(path, _kept(fitted), record.size, five_places(fitted, record.size))


def measure(folder: ImageFolder, spec: Spec, values: Values) -> Work:
    """The folder's colours, then the first batch. Raises `BadInput` ("no_readable_images")."""
    from alexnet_studio.images.direct import without_store
    from alexnet_studio.images.split import split
    from alexnet_studio.images.statistics import measure as measured_over
    from alexnet_studio.images.store import Store
    from alexnet_studio.insight import colours
    from alexnet_studio.training.plan import split_rule, unmeasured
    from alexnet_studio.training.preview import sampled
    from alexnet_studio.training.recipe import Recipe

    recipe = Recipe.model_validate(dict(values))
    parts = split(folder, split_rule(recipe))
    store: Store | None = None
    for event in without_store(folder, sampled(parts.train, _SAMPLE), unmeasured(spec, recipe)):
        if isinstance(event, Store):
            store = event
        else:
            yield event
    if store is None or not len(store):
        raise _nothing_readable(folder, store)
    measured = measured_over(store, range(len(store)), seed=recipe.seed)
    yield None
    seen = colours.cloud(store, range(len(store)), measured, seed=recipe.seed)
    yield ColoursMeasured(
        images=len(store),
        # At least the paper's noise: a recipe without any would show seven equal pictures.
        deviation=recipe.colour_pca or 0.1,
        statistics=measured,
        plane=seen.plane,
        cloud=_kept(seen.colours),
        swatches=_kept(colours.swatches(measured)),
        mean=_kept(colours.mean_picture(store, range(len(store)))),
        all=len(parts.train) <= _SAMPLE,
    )
    yield from batch(folder, spec, values, measured, 0)


def batch(folder: ImageFolder, spec: Spec, values: Values, measured: ColourStatistics, first: int) -> Work:
    """After the last batch comes the first."""
    from alexnet_studio.images.split import split
    from alexnet_studio.images.statistics import normalised_by
    from alexnet_studio.training.plan import split_rule, unmeasured
    from alexnet_studio.training.preview import preview
    from alexnet_studio.training.recipe import Recipe

    recipe = Recipe.model_validate(dict(values))
    yield None
    parts = split(folder, split_rule(recipe))
    record = normalised_by(unmeasured(spec, recipe), measured)
    first = first if first < len(parts.train) else 0
    made = preview(folder, parts, record, recipe, measured, first=first, count=BATCH)
    yield BatchSeen(first, made.paths, _kept(made.pixels))


def _nothing_readable(folder: ImageFolder, store: Store | None) -> BadInput:
    from alexnet_studio.images.folder import Skipped

    skipped = () if store is None else store.unreadable
    first = skipped[0] if skipped else Skipped("", "cannot be read")
    return BadInput(
        "no_readable_images",
        "{path} has no image to learn from: {count} files were skipped, the first of them ({first}) because it "
        "{reason}. Choose another folder.",
        path=str(folder.root),
        count=len(skipped),
        first=first.path,
        reason=first.reason,
    )


def _kept(pixels: Pixels) -> Pixels:
    """A copy that nobody can change."""
    copy = np.array(pixels)
    copy.flags.writeable = False
    return copy
