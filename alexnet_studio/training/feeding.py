"""The batches of an epoch, as a plan and its recipe ask for them."""

from __future__ import annotations

from collections.abc import Generator

from alexnet_studio.images.augment import Augmentation
from alexnet_studio.images.loader import Batch, batches
from alexnet_studio.training.plan import Plan


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
        augmentation=Augmentation(recipe.crop, recipe.mirror, recipe.colour_pca, plan.colour),
        shuffle=True,
        workers=recipe.workers,
        start=start,
        channels_last=True,
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
    )
