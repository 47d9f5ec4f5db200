"""Deterministic ways where they are asked for, and as it was before afterwards."""

from __future__ import annotations

import pytest
import tiny
import torch
from torch import nn

from alexnet_studio.ground import device as devices
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.loader import Batch
from alexnet_studio.training.determinism import exact
from alexnet_studio.training.learner import Learner


def _asked() -> tuple[bool, bool]:
    return torch.are_deterministic_algorithms_enabled(), torch.backends.cudnn.benchmark


def test_torch_is_asked_during_the_block_and_not_after_it() -> None:
    before = _asked()
    with exact(True):
        assert _asked() == (True, False)
    assert _asked() == before
    with exact(False):
        assert _asked() == before


def test_an_operation_without_such_a_way_is_a_sentence() -> None:
    with pytest.raises(BadInput, match="some_backward_cuda has no deterministic way"), exact(True):
        raise RuntimeError("some_backward_cuda does not have a deterministic implementation, but you set …")
    with pytest.raises(RuntimeError, match="another"), exact(True):
        raise RuntimeError("another error")
    assert not torch.are_deterministic_algorithms_enabled()


def test_an_update_is_made_inside() -> None:
    seen: list[bool] = []

    def look(_module: nn.Module, _inputs: object) -> None:
        seen.append(_asked()[0])

    recipe = tiny.recipe(deterministic=True)
    learner = Learner(tiny.spec(), recipe, devices.resolve("cpu", "float32"), k=2, steps_per_epoch=9)
    learner.network.register_forward_pre_hook(look)
    learner.learn(Batch(torch.zeros(2, 3, tiny.SIDE, tiny.SIDE), torch.tensor([0, 1]), ()))
    assert seen == [True] and _asked()[0] is False
