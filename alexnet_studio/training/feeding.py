"""The batches of an epoch, as a plan and its recipe ask for them."""

from __future__ import annotations

from collections.abc import Generator

from alexnet_studio.images.augment import Augmentation
from alexnet_studio.images.loader import Batch, batches
from alexnet_studio.images.statistics import ColourStatistics
from alexnet_studio.training.plan import Plan
from alexnet_studio.training.recipe import Recipe


def train_batches(plan: Plan, epoch: int, start: int) -> Generator[Batch]:
    """Shuffled and augmented, from batch number `start` on. Closing it joins the loader's threads."""
    recipe, images = plan.recipe, plan.images
    yield from batches(
        images.store,
        images.labels,
        images.train,
        plan.input,
        batch_size=recipe.batch_size,
        seed=recipe.seed,
        epoch=epoch,
        augmentation=augmentation(recipe, plan.colour),
        shuffle=True,
        workers=recipe.workers,
        start=start,
        channels_last=True,
        for_device=plan.device.kind != "cpu",
    )


def augmentation(recipe: Recipe, colour: ColourStatistics) -> Augmentation:
    """What the recipe does to training images."""
    return Augmentation(
        recipe.crop,
        recipe.mirror,
        recipe.colour_pca,
        colour,
        resized=recipe.resized_crop,
        flip=recipe.flip,
        turn=recipe.turn,
        brightness=recipe.brightness,
        contrast=recipe.contrast,
        as_2012=recipe.as_2012,
    )


def val_batches(plan: Plan) -> Generator[Batch]:
    """The central views of the validation images, the same in every epoch."""
    recipe, images = plan.recipe, plan.images
    yield from batches(
        images.store,
        images.labels,
        images.val,
        plan.input,
        batch_size=recipe.batch_size,
        seed=recipe.seed,
        epoch=0,
        workers=recipe.workers,
        channels_last=True,
        for_device=plan.device.kind != "cpu",
    )
