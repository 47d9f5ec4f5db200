"""What arrives at an activation, against the layer's own arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.insight.loaded import load
from alexnet_studio.insight.pre_activations import BINS, Histogram, histogram, pre_activations
from alexnet_studio.networks.build import activated
from alexnet_studio.networks.layers import activation_of
from alexnet_studio.runs.folder import RunFolder


def test_activation_follows_what_arrives(run: RunFolder) -> None:
    network = load(run, device="cpu").network
    x = torch.randn(2, network.spec.channels, network.spec.image_size, network.spec.image_size)
    for layer in network.spec.layers:
        before = network.before_activation(x, layer.name)
        torch.testing.assert_close(activated(before, activation_of(layer)), network.activation(x, layer.name))


def test_every_value_of_the_images_is_counted(run: RunFolder) -> None:
    loaded = load(run, device="cpu")
    found = [one for one in pre_activations(loaded, run, "conv1") if isinstance(one, Histogram)]
    assert len(found) == 1
    conv1 = loaded.network.before_activation(
        torch.zeros(1, loaded.spec.channels, loaded.spec.image_size, loaded.spec.image_size), "conv1"
    )
    assert sum(found[0].counts) == found[0].images * conv1.numel()
    assert found[0].images == len(run.record.split.val or run.record.split.train)
    assert found[0].checkpoint == loaded.checkpoint_id


def test_an_unknown_layer_is_refused(run: RunFolder) -> None:
    with pytest.raises(BadInput, match="conv9"):
        list(pre_activations(load(run, device="cpu"), run, "conv9"))


def test_the_histogram_is_numpy_s_over_a_range_around_zero() -> None:
    values = np.random.default_rng(0).normal(2.0, 1.0, 10_000).astype(np.float32)
    found = histogram(values, "conv1", 3, "c")
    assert found.reach == 5.0
    wanted, _ = np.histogram(values, BINS, (-5, 5))
    assert sum(found.counts) == len(values)
    assert found.counts[1:-1] == tuple(wanted[1:-1])
    assert histogram(values * 1e-6, "x", 1, "c").reach == 1.0
