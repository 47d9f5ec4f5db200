"""Learning rates against closed forms and against torch's own schedulers."""

from __future__ import annotations

from typing import Any

import pytest
import tiny
import torch
from torch.optim import SGD
from torch.optim.lr_scheduler import CosineAnnealingLR, MultiStepLR, ReduceLROnPlateau

from alexnet_studio.training.schedule import PATIENCE, Plateau, learning_rate

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
