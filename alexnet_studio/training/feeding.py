"""The batches of an epoch, as a plan and its recipe ask for them."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from alexnet_studio.images.augment import Augmentation
from alexnet_studio.images.loader import Batch, batches
from alexnet_studio.images.statistics import ColourStatistics
from alexnet_studio.training.plan import Plan
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.schedule import colour_noise
from alexnet_studio.training.world import ALONE, World


def train_batches(plan: Plan, epoch: int, start: int, world: World = ALONE) -> Generator[Batch]:
    """Shuffled and augmented, from batch number `start` on; this process's share of each. Closing it joins the loader's
    threads.
    """
    recipe, images = plan.recipe, plan.images
    yield from batches(
        images.store,
        images.labels,
        images.train,
        plan.input,
        batch_size=recipe.batch_size,
        seed=recipe.seed,
        epoch=epoch,
        augmentation=augmentation(recipe, plan.colour, epoch),
        shuffle=True,
        balanced=recipe.balance == "sampling",
        workers=recipe.workers,
        start=start,
        share=(world.rank, world.size),
        channels_last=True,
        for_device=plan.device.kind != "cpu",
    )


def augmentation(recipe: Recipe, colour: ColourStatistics, epoch: int = 0) -> Augmentation:
    """What the recipe does to training images in an epoch (the first is 0)."""
    return Augmentation(
        recipe.crop,
        recipe.mirror,
        colour_noise(recipe, epoch),
        colour,
        resized=recipe.resized_crop,
        flip=recipe.flip,
        turn=recipe.turn,
        brightness=recipe.brightness,
        contrast=recipe.contrast,
        as_2012=recipe.as_2012,
    )


def val_batches(plan: Plan, val: Sequence[int], epoch: int) -> Generator[Batch]:
    """The central views of the validation images at `val`, store indices, the same in every epoch (unless the recipe
    repeats a slip).
    """
    recipe, images = plan.recipe, plan.images
    yield from batches(
        images.store,
        images.labels,
        val,
        plan.input,
        batch_size=recipe.batch_size,
        seed=recipe.seed,
        epoch=epoch,
        augmentation=augmentation(recipe, plan.colour, epoch) if recipe.augment_validation else None,
        workers=recipe.workers,
        channels_last=True,
        for_device=plan.device.kind != "cpu",
    )
