"""Single steps of a training with noise for images, and how long they take."""

from __future__ import annotations

import time

import torch

from alexnet_studio.ground.device import Device
from alexnet_studio.images.loader import Batch
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.recipe import Recipe

# Of one timed step on a CPU: a few hundredths of a second. On a GPU the whole batch is timed.
_MACS_OF_A_STEP = 1e9


def quick_size(spec: Spec) -> int:
    """The most images that a CPU learns in a moment."""
    return max(1, int(_MACS_OF_A_STEP / report(spec).totals.macs))


def idle_learner(spec: Spec, recipe: Recipe, device: Device) -> Learner:
    """One whose steps cost what the recipe's cost, and change next to nothing."""
    return Learner(spec, recipe.model_copy(update={"lr": 1e-6}), device, k=1, steps_per_epoch=1_000_000)


def timed_step(learner: Learner, batch: Batch, device: Device) -> float:
    """Seconds of one update, once the device has done it."""
    began = time.perf_counter()
    learner.learn(batch)
    device.wait()
    return time.perf_counter() - began


def noise(spec: Spec, count: int) -> Batch:
    images = torch.rand(count, spec.channels, spec.image_size, spec.image_size)
    return Batch(images, torch.zeros(count, dtype=torch.int64), ())
