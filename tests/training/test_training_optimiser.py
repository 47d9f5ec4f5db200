"""One update against the same update written by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
import tiny
import torch
from torch import Tensor
from torch.nn import functional

from alexnet_studio.ground import device as devices
from alexnet_studio.images.loader import Batch
from alexnet_studio.networks.build import build
from alexnet_studio.networks.layers import Conv
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.recipe import Recipe


def _batches(count: int) -> list[Batch]:
    generator = torch.Generator().manual_seed(3)
    return [
        Batch(torch.randn(6, 3, tiny.SIDE, tiny.SIDE, generator=generator), torch.arange(6) % 2, ())
        for _ in range(count)
    ]


def _learned(recipe: Recipe, count: int, spec: Spec | None = None) -> dict[str, Tensor]:
    learner = Learner(
        spec or tiny.spec(), recipe, devices.resolve("cpu", "float32"), k=2, steps_per_epoch=100
    )
    for batch in _batches(count):
        learner.learn(batch)
    return {name: parameter.detach() for name, parameter in learner.network.named_parameters()}


def _by_hand(recipe: Recipe, count: int) -> dict[str, Tensor]:
    """v = momentum * v + gradient + decay * w; w = w - rate * v; biases do not decay; clipped by the norm of all."""
    network = build(tiny.spec(), seed=recipe.seed)
    velocity = {name: torch.zeros_like(parameter) for name, parameter in network.named_parameters()}
    for batch in _batches(count):
        network.zero_grad()
        torch.autograd.backward(functional.cross_entropy(network(batch.images), batch.labels))
        gradients = {name: p.grad.clone() for name, p in network.named_parameters() if p.grad is not None}
        norm = float(torch.sqrt(torch.stack([(g**2).sum() for g in gradients.values()]).sum()))
        shrink = min(1.0, recipe.clip / (norm + 1e-6)) if recipe.clip else 1.0
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                decay = recipe.weight_decay if name.endswith("weight") else 0.0
                velocity[name] = (
                    recipe.momentum * velocity[name] + shrink * gradients[name] + decay * parameter
                )
                parameter -= recipe.lr * velocity[name]
    return {name: parameter.detach() for name, parameter in network.named_parameters()}


@pytest.mark.parametrize("clip", [0.0, 0.05])
def test_sgd_is_the_update_of_section_5(clip: float) -> None:
    recipe = tiny.recipe(schedule="constant", lr=0.1, momentum=0.9, weight_decay=0.05, clip=clip)
    learned, wanted = _learned(recipe, 4), _by_hand(recipe, 4)
    for name, parameter in wanted.items():
        torch.testing.assert_close(learned[name], parameter, rtol=1e-4, atol=1e-6)


def test_biases_do_not_decay() -> None:
    strong = _learned(tiny.recipe(schedule="constant", lr=0.1, weight_decay=1.0, optimizer="sgd"), 1)
    none = _learned(tiny.recipe(schedule="constant", lr=0.1, weight_decay=0.0, optimizer="sgd"), 1)
    assert torch.equal(strong["conv2.bias"], none["conv2.bias"])
    assert not torch.equal(strong["conv2.weight"], none["conv2.weight"])


def test_adam_takes_a_first_step_of_its_rate() -> None:
    recipe = tiny.recipe(optimizer="adam", schedule="constant", lr=0.001, weight_decay=0.0, clip=0.0)
    before = dict(build(tiny.spec(), seed=recipe.seed).named_parameters())
    moved = (_learned(recipe, 1)["fc4.bias"] - before["fc4.bias"]).abs()
    torch.testing.assert_close(moved, torch.full_like(moved, 0.001), rtol=1e-3, atol=0)


def test_a_layer_learns_at_its_own_rate() -> None:
    """epsW and epsB of 2012 as factors; a factor of 0 freezes."""
    plain = tiny.spec()
    first, *rest = plain.layers
    assert isinstance(first, Conv)
    spec = replace(plain, layers=(replace(first, rate=0.0, bias_rate=3.0), *rest))
    recipe = tiny.recipe(schedule="constant", lr=0.1, momentum=0.0, weight_decay=0.05, clip=0.0)
    before = {
        name: value.detach().clone() for name, value in build(plain, seed=recipe.seed).named_parameters()
    }
    learned, usual = _learned(recipe, 1, spec), _learned(recipe, 1)
    assert torch.equal(learned["conv1.weight"], before["conv1.weight"])
    moved, usually = learned["conv1.bias"] - before["conv1.bias"], usual["conv1.bias"] - before["conv1.bias"]
    torch.testing.assert_close(moved, 3 * usually)
    torch.testing.assert_close(learned["fc4.weight"], usual["fc4.weight"])
