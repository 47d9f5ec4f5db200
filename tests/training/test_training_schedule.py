"""Learning rates against closed forms and against torch's own schedulers."""

from __future__ import annotations

from typing import Any

import pytest
import tiny
import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR, MultiStepLR, ReduceLROnPlateau

from alexnet_studio.training.schedule import PATIENCE, Plateau, colour_noise, layer_factor, learning_rate

STEPS = 60


def _optimizer() -> Any:
    return SGD([torch.zeros(1, requires_grad=True)], lr=0.02)


def _rates(schedule: str) -> list[float]:
    recipe = tiny.recipe(schedule=schedule, lr=0.02)
    return [learning_rate(recipe, step, STEPS, Plateau()) for step in range(STEPS)]


def test_constant() -> None:
    assert set(_rates("constant")) == {0.02}


@pytest.mark.parametrize("schedule", ["cosine", "step"])
def test_against_torch(schedule: str) -> None:
    optimizer = _optimizer()
    oracle: Any = (
        CosineAnnealingLR(optimizer, STEPS)
        if schedule == "cosine"
        else MultiStepLR(optimizer, [STEPS // 3, 2 * STEPS // 3, 5 * STEPS // 6])
    )
    wanted: list[float] = []
    for _ in range(STEPS):
        wanted.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        oracle.step()
    assert _rates(schedule) == pytest.approx(wanted, rel=1e-9)


def test_plateau_against_torch() -> None:
    optimizer = _optimizer()
    oracle: Any = ReduceLROnPlateau(optimizer, factor=0.1, patience=PATIENCE)
    losses = [3.0, 2.0, *[2.0] * 9, 1.9, *[1.95, 1.89999] * 10, 1.0, 1.1]
    recipe, plateau = tiny.recipe(schedule="plateau", lr=0.02), Plateau()
    for loss in losses:
        oracle.step(loss)
        plateau = plateau.after(loss)
        wanted = optimizer.param_groups[0]["lr"]
        assert learning_rate(recipe, 0, 1, plateau) == pytest.approx(max(wanted, 1e-9), rel=1e-9)
    assert plateau.cuts >= 3


def test_the_hand_cut_schedule_of_2012() -> None:
    """The diary of layer-params-145.cfg: after 25, 51 and 79 of 90 epochs, from 0.01 down to 0.00001."""
    recipe = tiny.recipe(schedule="2012", lr=0.01, epochs=90)
    rates = [learning_rate(recipe, epoch, 90, Plateau()) for epoch in range(90)]
    wanted = [0.01] * 25 + [0.001] * 26 + [0.0001] * 28 + [0.00001] * 11
    assert rates == pytest.approx(wanted)


def test_what_2012_did_to_conv1_the_biases_and_the_colours() -> None:
    recipe = tiny.recipe(schedule="2012", lr=0.01, epochs=90, colour_pca=0.1)
    for epoch in range(90):
        rate = learning_rate(recipe, epoch, 90, Plateau())
        first, biases, others = (
            rate * layer_factor(recipe, epoch / 90, first=one, bias=bias)
            for one, bias in ((True, False), (False, True), (False, False))
        )
        assert others == pytest.approx(rate) and biases == pytest.approx(0.01)
        assert first == pytest.approx(0.0 if epoch >= 72 else 1e-5 if epoch >= 67 else rate)
        assert layer_factor(recipe, epoch / 90, first=True, bias=True) == pytest.approx(
            0.0 if epoch >= 72 else 0.01 / rate
        )
        assert colour_noise(recipe, epoch) == (0.0 if epoch >= 67 else 0.1)


@pytest.mark.parametrize("epochs", [9, 45, 900])
def test_2012_is_scaled_to_any_number_of_epochs(epochs: int) -> None:
    whole = tiny.recipe(schedule="2012", lr=0.01, epochs=90)
    scaled = tiny.recipe(schedule="2012", lr=0.01, epochs=epochs)
    for tenth in range(90):
        place = tenth * epochs / 90
        if place == int(place):
            assert learning_rate(scaled, int(place), epochs, Plateau()) == learning_rate(
                whole, tenth, 90, Plateau()
            )


def test_dexp_falls_in_equal_stairs() -> None:
    """cuda-convnet2's dexp[base, tgtFactor, numSteps]: the last of 4 stairs is 250 times lower, the steps are equal."""
    recipe = tiny.recipe(schedule="dexp", lr=0.01)
    rates = [learning_rate(recipe, step, STEPS, Plateau()) for step in range(STEPS)]
    stairs = [0.01 * 250 ** (-stair / 3) for stair in range(4)]
    assert rates == pytest.approx([stairs[step // 15] for step in range(STEPS)])
    one = tiny.recipe(schedule="dexp", lr=0.01, dexp_steps=1)
    assert {learning_rate(one, step, STEPS, Plateau()) for step in range(STEPS)} == {0.01}


@pytest.mark.parametrize("schedule", ["constant", "cosine", "plateau", "2012"])
def test_warm_up_is_a_straight_line(schedule: str) -> None:
    plain = tiny.recipe(schedule=schedule, lr=0.02, epochs=6)
    warm = tiny.recipe(schedule=schedule, lr=0.02, epochs=6, warmup_epochs=1.5)
    for step in range(STEPS):
        factor = min(1.0, (step + 1) / 15)  # 1.5 of 6 epochs of 10 steps
        wanted = factor * learning_rate(plain, step, STEPS, Plateau())
        assert learning_rate(warm, step, STEPS, Plateau()) == pytest.approx(wanted)
