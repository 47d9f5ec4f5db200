"""How long a training will take and how much memory it needs: a few steps timed, the rest in closed form."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass

from alexnet_studio.ground import device as devices
from alexnet_studio.ground.device import Device
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.split import Split, split
from alexnet_studio.images.store_space import needed_bytes
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.plan import split_rule, unmeasured
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.timing import idle_learner, noise, quick_size, timed_step

_STEPS = 3  # timed, after one to warm up
# The backward pass costs twice the forward pass; validation has the forward pass only.
_FORWARD_SHARE = 1 / 3


@dataclass(frozen=True, slots=True)
class Estimate:
    """Of a whole training: `images` to learn from, `steps`, `seconds` (with validation, without decoding).

    `drawn`: how many images of each class train and validate.
    """

    images: int
    steps: int
    seconds: float
    memory_bytes: int
    store_bytes: int
    drawn: tuple[tuple[int, int], ...]


def estimate(folder: ImageFolder, spec: Spec, recipe: Recipe) -> Generator[Progress | Estimate]:
    """The last event is the estimate. Raises `BadInput` ("device_missing", "layer_vanishes", ...)."""
    device = devices.resolve(recipe.device, recipe.precision)
    parts = split(folder, split_rule(recipe))
    train, val = max(1, len(parts.train)), len(parts.val)
    batch_size = min(recipe.batch_size, train)
    steps_per_epoch = -(-train // batch_size)
    step_s = yield from _step_seconds(spec, recipe, device, batch_size)
    epoch_s = step_s * (train / batch_size) + step_s * (val / batch_size) * _FORWARD_SHARE
    yield Estimate(
        images=train,
        steps=recipe.epochs * steps_per_epoch,
        seconds=recipe.epochs * epoch_s,
        memory_bytes=memory_bytes(spec, recipe, device, batch_size),
        store_bytes=_store_bytes(folder, parts, spec, recipe),
        drawn=_drawn(folder, parts),
    )


def _drawn(folder: ImageFolder, parts: Split) -> tuple[tuple[int, int], ...]:
    train, val = (Counter(folder.images[i].label for i in side) for side in (parts.train, parts.val))
    return tuple((train[label], val[label]) for label in range(len(folder.classes)))


def _store_bytes(folder: ImageFolder, parts: Split, spec: Spec, recipe: Recipe) -> int:
    """Of the decoded images on disk."""
    if recipe.store == "none":
        return 0
    return needed_bytes(folder, (*parts.train, *parts.val), unmeasured(spec, recipe), recipe.store)


def memory_bytes(spec: Spec, recipe: Recipe, device: Device, batch_size: int) -> int:
    """Weights, gradients and the optimiser's sums in float32; what each layer keeps for the backward pass.

    A layer keeps its output, and about as much again for its ReLU or its normalisation.
    """
    numbers = report(spec)
    slots = 2 if recipe.optimizer == "adam" else int(recipe.momentum > 0)
    kept = sum(math.prod(row.output) for row in numbers.rows) * 2
    pixels = spec.channels * spec.image_size**2
    width = 4 if device.precision == "float32" else 2
    return 4 * numbers.totals.params * (2 + slots) + batch_size * (kept * width + pixels * 4)


def _step_seconds(
    spec: Spec, recipe: Recipe, device: Device, batch_size: int
) -> Generator[Progress, None, float]:
    """One step with `batch_size` images: where that would take long, from two smaller ones along a straight
    line.

    The line has an intercept, which counts: moving sixty million weights takes as long for one image as for
    many.
    """
    quick = quick_size(spec)
    sizes = [batch_size] if device.kind != "cpu" or batch_size <= quick else [max(1, quick // 2), quick + 1]
    learner = idle_learner(spec, recipe, device)
    times: list[float] = []
    for number, size in enumerate(sizes):
        batch = noise(spec, size)
        taken: list[float] = []
        for step in range(_STEPS + 1):
            taken.append(timed_step(learner, batch, device))
            yield Progress("time", number * (_STEPS + 1) + step + 1, len(sizes) * (_STEPS + 1))
        times.append(min(taken[1:]))
    if len(times) == 1:
        return times[0]
    slope = max(0.0, (times[1] - times[0]) / (sizes[1] - sizes[0]))
    return times[1] + slope * (batch_size - sizes[1])
