"""Losses, weights of classes and the sizes of layers, against loops and torch's own gradients."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
import tiny
import torch
from sklearn.utils import class_weight
from torch.nn import functional

from alexnet_studio.ground import device as devices
from alexnet_studio.images.loader import Batch
from alexnet_studio.networks.build import build
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.objective import Objective, balanced_weights

CPU = devices.resolve("cpu", "float32")


def _by_loops(
    logits: torch.Tensor, labels: Sequence[int], weights: Sequence[float], smoothing: float
) -> float:
    """Sum of weight * -(target * log p) over the weights of the labels, as torch defines the smoothed mean."""
    classes = logits.shape[1]
    total = share = 0.0
    rows = logits.double().softmax(dim=1).numpy()
    for row, label in zip(rows, labels, strict=True):
        for index in range(classes):
            p = float(row[index])
            target = (1 - smoothing) * (index == label) + smoothing / classes
            total -= weights[index] * target * math.log(p)
        share += weights[label]
    return total / share


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weights", [None, (0.5, 2.0, 1.25)])
def test_the_objective_is_its_formula(smoothing: float, weights: tuple[float, ...] | None) -> None:
    logits = torch.randn(7, 3, generator=torch.Generator().manual_seed(1))
    labels = [0, 1, 2, 2, 1, 0, 0]
    objective = Objective(tiny.recipe(label_smoothing=smoothing), CPU, weights)
    loss = objective(logits, torch.tensor(labels), len(labels))
    assert float(loss) == pytest.approx(_by_loops(logits, labels, weights or (1, 1, 1), smoothing), rel=1e-5)
    plain = objective.plain(loss, logits, torch.tensor(labels))
    assert float(plain) == pytest.approx(_by_loops(logits, labels, (1, 1, 1), 0.0), rel=1e-5)


def test_weights_of_classes_are_scikit_learns() -> None:
    labels = [0] * 12 + [1] * 3 + [3] * 1
    weigh: Any = vars(class_weight)["compute_class_weight"]
    wanted: list[float] = weigh("balanced", classes=np.array([0, 1, 3]), y=np.array(labels)).tolist()
    ours = balanced_weights(labels, 4)
    assert [ours[0], ours[1], ours[3]] == pytest.approx(wanted)
    assert ours[2] == 0.0 and sum(ours[label] for label in labels) == pytest.approx(len(labels))


@pytest.mark.parametrize("clip", [0.0, 0.01])
def test_the_sizes_of_layers_are_those_of_the_update(clip: float) -> None:
    recipe = tiny.recipe(lr=0.1, schedule="constant", weight_decay=0.0, momentum=0.0, clip=clip)
    learner = Learner(tiny.spec(), recipe, CPU, k=2, steps_per_epoch=10)
    images = torch.randn(6, 3, tiny.SIDE, tiny.SIDE, generator=torch.Generator().manual_seed(3))
    labels = torch.arange(6) % 2
    network = build(tiny.spec(), seed=recipe.seed)
    torch.autograd.backward(functional.cross_entropy(network(images), labels))
    sizes = learner.learn(Batch(images, labels, ()), watched=True)
    assert sizes is not None
    for name, held in sizes.read().items():
        before, after = (
            network.get_parameter(f"{name}.weight"),
            learner.network.get_parameter(f"{name}.weight"),
        )
        assert before.grad is not None
        assert held["weight"] == pytest.approx(before.abs().mean().item(), rel=1e-5)
        assert held["gradient"] == pytest.approx(before.grad.abs().mean().item(), rel=1e-4)
        assert held["update"] == pytest.approx((after - before).abs().mean().item(), rel=1e-3)


def test_an_update_that_is_not_watched_is_the_same() -> None:
    images, labels = torch.randn(6, 3, tiny.SIDE, tiny.SIDE), torch.arange(6) % 2
    ended: list[dict[str, torch.Tensor]] = []
    for watched in (False, True):
        learner = Learner(tiny.spec(), tiny.recipe(), CPU, k=2, steps_per_epoch=10)
        for _ in range(3):
            learner.learn(Batch(images, labels, ()), watched=watched)
        ended.append({name: tensor.clone() for name, tensor in learner.network.state_dict().items()})
    assert all(torch.equal(ended[0][name], ended[1][name]) for name in ended[0])
