"""Loading a run's weights: they are the ones that were saved, or there is a sentence."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from insight_runs import make_spec, save_weights

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.insight.loaded import load
from alexnet_studio.networks.build import build
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.folder import RunFolder


def test_the_network_answers_as_the_one_that_was_saved(run: RunFolder) -> None:
    images = torch.randn(2, 3, 32, 32)
    loaded = load(run)
    with torch.inference_mode():
        expected = build(make_spec(), seed=0).eval()(images)
        torch.testing.assert_close(loaded.network(images), expected)
    assert (loaded.step, loaded.epoch, loaded.note) == (7, 1, "")
    assert not any(parameter.requires_grad for parameter in loaded.network.parameters())


def test_the_id_follows_the_weights(run: RunFolder) -> None:
    before = load(run).checkpoint_id
    assert load(run).checkpoint_id == before
    save_weights(run, seed=1)
    assert load(run).checkpoint_id != before


def test_kernels_are_the_towers_of_the_spec(run: RunFolder) -> None:
    loaded = load(run, device="cpu")
    blocks = loaded.kernels()
    weight = loaded.network.get_parameter("conv1.weight").detach().numpy()
    assert len(blocks) == 2
    assert np.array_equal(np.concatenate(blocks), weight)
    assert not blocks[0].flags.writeable


@pytest.mark.parametrize("damage", ["missing", "extra", "shape", "nan"])
def test_weights_of_another_network_are_refused(run: RunFolder, damage: str) -> None:
    weights = checkpoint.load(run, "best").weights
    first = "conv1.weight"
    if damage == "missing":
        del weights["fc7.bias"]
    elif damage == "extra":
        weights["fc9.weight"] = torch.zeros(3)
    elif damage == "shape":
        weights[first] = weights[first][:1]
    else:
        weights[first][0, 0, 0, 0] = torch.nan
    payload = dataclasses.replace(checkpoint.load(run, "best"), weights=weights)
    checkpoint.save(run, payload, best=True)
    with pytest.raises(BadInput) as raised:
        load(run)
    assert raised.value.code == "weights_do_not_fit"
    named = {"missing": "fc7.bias", "extra": "fc9.weight", "shape": "(1, 3,", "nan": "not finite"}[damage]
    assert named in raised.value.sentence


@pytest.mark.parametrize(
    ("field", "value"),
    [("input", {"size": 3}), ("classes", ("red", "green")), ("network", {"name": "x"})],
)
def test_a_record_that_contradicts_itself_is_refused(run: RunFolder, field: str, value: object) -> None:
    runs.write_record(run.path, run.record.model_copy(update={field: value}))
    with pytest.raises(BadInput) as raised:
        load(runs.open(run.path))
    assert raised.value.code in {"run_contradicts_itself", "spec_field"}
    assert str(run.path) in raised.value.sentence
