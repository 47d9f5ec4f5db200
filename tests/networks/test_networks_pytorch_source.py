"""The written class, executed, gives our outputs from our weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import torch
from torch import nn

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import smallest_image
from alexnet_studio.networks.build import build
from alexnet_studio.networks.layers import Conv, Dense, Pool
from alexnet_studio.networks.pytorch_source import network_source
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.switches import Switches, switched


def executed(source: str) -> nn.Module:
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(source, "written.py", "exec"), space)
    network: nn.Module = space["Network"]()
    return network


def check_same(spec: Spec) -> None:
    ours = build(spec, dropout=0.0, seed=1)
    theirs = executed(network_source(spec))
    theirs.load_state_dict(ours.state_dict(), strict=True)
    for module in theirs.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    x = torch.randn(
        3, spec.channels, spec.image_size, spec.image_size, generator=torch.Generator().manual_seed(0)
    )
    for network in (ours, theirs):
        network.train()
    torch.testing.assert_close(theirs(x), ours(x), atol=2e-5, rtol=1e-4)
    for network in (ours, theirs):
        network.eval()
    torch.testing.assert_close(theirs(x), ours(x), atol=2e-5, rtol=1e-4)


@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize("more", [0, 13])
def test_every_network_of_the_catalogue(name: str, more: int) -> None:
    spec = catalogue.get(name, classes=5, width=0.1)
    check_same(replace(spec, image_size=smallest_image(spec) + more))


@pytest.mark.parametrize("name", ["paper", "original-145", "tf-lrn", "lenet"])
def test_with_every_switch(name: str) -> None:
    spec = catalogue.get(name, classes=4, width=0.25 if name != "lenet" else 1.0)
    for switches in (
        Switches(batch_norm=True),
        Switches("leaky_relu", "before"),
        Switches(pooling="average"),
    ):
        changed = switched(spec, switches)
        check_same(replace(changed, image_size=smallest_image(changed) + 8))


def test_padding_of_every_kind_and_unlinked_towers() -> None:
    layers = (
        Conv("conv1", 4, 5, stride=3, padding=1, sizing="ceil"),
        Pool("pool1", 3, 2, sizing="same"),
        Conv("conv2", 8, 3, stride=2, groups=2, sizing="same", activation="tanh"),
        Pool("pool2", 3, 2, method="average", sizing="same"),
        Dense("fc3", 6, groups=2),
        Dense("fc4", None, activation="none"),
    )
    for size in (20, 21, 22, 23):
        check_same(Spec("x", "", "", layers, towers=2, channels=2, image_size=size, classes=3))


def test_a_title_cannot_become_code() -> None:
    title = 'x"""\nimport os\n"""\\'
    source = network_source(replace(catalogue.get("lenet"), title=title, source='""" + 1'))
    compile(source, "x.py", "exec")
    space: dict[str, Any] = {"__name__": "written"}
    exec(source, space)
    assert "os" not in space
    assert "import os" in space["__doc__"]


def test_a_name_that_python_needs_is_refused() -> None:
    spec = replace(catalogue.get("lenet"), layers=(Conv("lambda", 4, 3), Dense("fc", None)))
    with pytest.raises(BadInput, match="lambda"):
        network_source(spec)


@pytest.mark.parametrize("name", catalogue.names())
def test_lines_fit_on_a_slide(name: str) -> None:
    assert max(map(len, network_source(catalogue.get(name)).splitlines())) <= 120
