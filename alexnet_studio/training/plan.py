"""Everything that is settled before the first step: device, split, decoded images, colours, batch size."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal, cast

from alexnet_studio.ground import device as devices
from alexnet_studio.ground.device import Device
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.split import Split, SplitRule, split
from alexnet_studio.images.statistics import ColourStatistics, measure, normalised_by
from alexnet_studio.networks.layers import BatchNorm
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.learned_images import Images, Remark, decoded, given_up
from alexnet_studio.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Plan:
    spec: Spec
    recipe: Recipe
    device: Device
    input: InputRecord
    colour: ColourStatistics
    images: Images
    remarks: tuple[Remark, ...]
    processes: int = 1

    @property
    def k(self) -> int:
        """Top-5 of fewer than five classes would always be right."""
        return min(5, self.spec.classes)

    @property
    def steps_per_epoch(self) -> int:
        return -(-len(self.images.train) // self.recipe.batch_size)


def unmeasured(spec: Spec, recipe: Recipe) -> InputRecord:
    """How an image gets to the network, before its colours are known.

    The paper cuts 224 from 256 (section 4.1): the side is the even number next to 8/7 of the size, so that
    the central crop has the same margin on both sides (64 is cut from 74). Raises `BadInput` ("resize_too_small").
    """
    return InputRecord(
        channels=cast("Literal[1, 3]", spec.channels),
        fit=recipe.fit,
        resize_to=_side(spec, recipe),
        size=spec.image_size,
        statistics=recipe.statistics,
        mean=(0.0,) * spec.channels,
        std=(1.0,) * spec.channels,
    )


def _side(spec: Spec, recipe: Recipe) -> int:
    if recipe.resize_to is None:
        return 2 * round(spec.image_size * 8 / 7 / 2)
    if recipe.resize_to < spec.image_size:
        raise BadInput(
            "resize_too_small",
            "Images of {side} pixels are smaller than the network's input of {size}. Bring them to at least {size}.",
            side=recipe.resize_to,
            size=spec.image_size,
        )
    return recipe.resize_to


def planned(
    folder: ImageFolder,
    spec: Spec,
    recipe: Recipe,
    typed: frozenset[str],
    like: InputRecord | None = None,
    *,
    early: bool = True,
) -> Generator[Progress, None, Plan]:
    """The plan of a new training. Images are normalised as the recipe says, or as in `like`, which weights that are
    begun from were fed. `early`: of a large folder, before all images are decoded. Raises `BadInput`
    ("batch_too_large", "device_missing", ...).
    """
    device = devices.resolve(recipe.device, recipe.precision)
    record = unmeasured(spec, recipe) if like is None else like
    parts = split(folder, split_rule(recipe))
    _fitting(recipe, len(parts.train), typed)  # refuse before decoding, not after
    images = yield from decoded(folder, parts, record, recipe, early=early)
    with given_up(images.store):
        yield Progress("colours", 0, None)
        colour = measure(images.store, images.train, seed=recipe.seed)
        fitting = _fitting(recipe, len(images.train), typed)
        _require_several(spec, fitting.batch_size, len(images.train))
        remarks = (*_clipped(recipe, fitting), *_kept_together(parts), *images.remarks, *unreadable(images))
        return Plan(
            spec, fitting, device, record if like else normalised_by(record, colour), colour, images, remarks
        )


def split_rule(recipe: Recipe) -> SplitRule:
    return SplitRule(
        seed=recipe.seed,
        fraction=recipe.val_fraction,
        group_by=recipe.group_by,
        groups=recipe.groups,
        folds=recipe.folds,
        fold=recipe.fold,
    )


def _kept_together(parts: Split) -> tuple[Remark, ...]:
    return (("kept_together", parts.note),) if parts.note else ()


def unreadable(images: Images) -> tuple[Remark, ...]:
    skipped = images.store.unreadable
    if not skipped:
        return ()
    first = skipped[0]
    counted = "1 image was" if len(skipped) == 1 else f"{len(skipped):,} images were"
    return (("images_unreadable", f"{counted} left out, the first because it {first.reason}: {first.path}"),)


def _fitting(recipe: Recipe, images: int, typed: frozenset[str]) -> Recipe:
    if recipe.batch_size <= images:
        return recipe
    if "batch_size" in typed:
        raise BadInput(
            "batch_too_large",
            "A batch of {batch_size} is more than the {images} training images. Choose at most {images}.",
            batch_size=recipe.batch_size,
            images=images,
        )
    return recipe.model_copy(update={"batch_size": images})


def _require_several(spec: Spec, batch_size: int, images: int) -> None:
    """Batch normalisation has no variance to learn from in a batch of one image."""
    normalises = any(isinstance(layer, BatchNorm) for layer in spec.layers)
    if normalises and 1 in {batch_size, images % batch_size}:
        raise BadInput(
            "batch_of_one",
            "With {images} training images, batches of {batch_size} leave one image alone, from which batch "
            "normalisation cannot learn. Choose another batch size.",
            images=images,
            batch_size=batch_size,
        )


def _clipped(asked: Recipe, fitting: Recipe) -> tuple[Remark, ...]:
    if asked.batch_size == fitting.batch_size:
        return ()
    sentence = (
        f"The batch was cut from {asked.batch_size} to the {fitting.batch_size} training images there are."
    )
    return (("batch_clipped", sentence),)
