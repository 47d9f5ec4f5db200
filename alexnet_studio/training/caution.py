"""Choices that are known to fail, each with what happens and a remedy at one click; without torch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from alexnet_studio.ground.device import DeviceKind
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.counting import training_images
from alexnet_studio.training.recipe import Recipe

# Deviations of 0.01 shrink the signal layer by layer; ImageNet's million images got over it.
_ENOUGH_FOR_THE_PAPER = 50_000
# Measured: 29 to 79 images/s of torchvision's network at 224 (4.2 GFLOP each) on two cores.
_CPU_FLOPS = 2e11
_PATIENCE_HOURS = 1.0
_IMBALANCE = 10  # images of the largest class for one of the smallest


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 - `Warning` is Python's own
    """`remedy` holds the values that put it right: fields of the recipe, or "network"."""

    code: str
    sentence: str
    remedy_text: str
    remedy: dict[str, object]


def warnings(
    folder: ImageFolder, spec: Spec, recipe: Recipe, device_kind: DeviceKind
) -> tuple[Warning_, ...]:
    """What is known to go wrong with this choice; nothing for most."""
    count = training_images(folder)
    return (
        *_paper_initialisation(spec, recipe, count),
        *_hours_on_a_cpu(spec, recipe, count, device_kind),
        *_learning_rate(recipe),
        *_imbalance(folder, recipe),
    )


def _paper_initialisation(spec: Spec, recipe: Recipe, count: int) -> Iterator[Warning_]:
    how = spec.initialisation if recipe.initialisation == "network" else recipe.initialisation
    if how == "paper" and count < _ENOUGH_FOR_THE_PAPER:
        yield Warning_(
            "paper_initialisation",
            f"The paper's initialisation on {count:,} images usually stalls: the loss stays at ln(classes).",
            "Use the He initialisation",
            {"initialisation": "he"},
        )


def _hours_on_a_cpu(spec: Spec, recipe: Recipe, count: int, device_kind: DeviceKind) -> Iterator[Warning_]:
    if device_kind != "cpu":
        return
    try:
        macs = report(spec).totals.macs
    except BadInput:
        return  # the network does not fit its image size, which is said where it is chosen
    # A multiply-add is two operations, and learning costs three forward passes.
    hours = 6.0 * macs * count * recipe.epochs / _CPU_FLOPS / 3600
    if hours > _PATIENCE_HOURS:
        yield Warning_(
            "hours_on_a_cpu",
            f"{recipe.epochs} epochs at {spec.image_size} pixels take about {_hours(hours)} on a CPU.",
            "Use the mini network at 64 pixels",
            {"network": "mini", "image_size": None},
        )


def _hours(hours: float) -> str:
    return "an hour" if hours < 1.5 else f"{hours:,.0f} hours"


def _learning_rate(recipe: Recipe) -> Iterator[Warning_]:
    if recipe.optimizer == "adam" and recipe.lr >= 0.01:
        yield Warning_(
            "adam_rate",
            f"Adam at a learning rate of {recipe.lr:g} collapses: all answers become one class.",
            "Use 0.001",
            {"lr": 0.001},
        )
    if recipe.optimizer == "sgd" and recipe.lr >= 0.3:
        yield Warning_(
            "sgd_rate",
            f"A learning rate of {recipe.lr:g} usually diverges: the loss stops being a number.",
            "Use 0.02",
            {"lr": 0.02},
        )


def _imbalance(folder: ImageFolder, recipe: Recipe) -> Iterator[Warning_]:
    """An offer: nothing is weighted unless a person asks for it."""
    counts = Counter(image.label for image in folder.images if image.split == "train")
    if recipe.balance != "no" or len(counts) < 2:
        return
    (most, large), *_, (least, small) = ((n, folder.classes[label]) for label, n in counts.most_common())
    if most >= _IMBALANCE * least:
        yield Warning_(
            "imbalanced",
            f"Of {large} there are {most:,} training images, of {small} {least:,}: rare classes are easily overlooked.",
            "Weigh rare classes more",
            {"balance": "loss"},
        )
