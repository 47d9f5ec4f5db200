"""The written class, executed, gives our outputs from our weights."""

from __future__ import annotations

import ast
import math
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from torch import nn
from written_specs import specs

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.build import build
from alexnet_studio.networks.layers import Conv, Dense, Pool, ResponseNorm
from alexnet_studio.networks.pytorch_names import OF_MODULES
from alexnet_studio.networks.pytorch_source import network_source
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.switches import Switches, switched
from alexnet_studio.networks.windows import smallest_image


def executed(source: str) -> nn.Module:
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(source, "written.py", "exec"), space)
    network: nn.Module = space["Network"]()
    return network


def check_same(spec: Spec) -> None:
    # In float64: batch normalisation of three images can enlarge the rounding of float32 to anything.
    ours = build(spec, dropout=0.0, seed=1).double()
    theirs = executed(network_source(spec)).double()
    theirs.load_state_dict(ours.state_dict(), strict=True)
    for module in theirs.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    x = torch.randn(
        3, spec.channels, spec.image_size, spec.image_size, generator=torch.Generator().manual_seed(0)
    ).double()
    for network in (ours, theirs):
        network.train()
    torch.testing.assert_close(theirs(x), ours(x), atol=1e-7, rtol=1e-7)
    for network in (ours, theirs):
        network.eval()
    torch.testing.assert_close(theirs(x), ours(x), atol=1e-7, rtol=1e-7)


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


@given(spec=specs())
@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
def test_any_network_gives_the_same(spec: Spec) -> None:
    try:
        ours = build(spec)
    except BadInput:
        assume(False)
        return
    assume(all(math.isfinite(float(value.sum())) for value in ours.state_dict().values()))
    check_same(spec)


def test_as_many_classes_as_asked_for() -> None:
    space: dict[str, Any] = {"__name__": "written"}
    exec(network_source(catalogue.get("lenet")), space)
    assert space["Network"](num_classes=7)(torch.zeros(2, 1, 28, 28)).shape == (2, 7)
    assert space["Network"]()(torch.zeros(2, 1, 28, 28)).shape == (2, 10)


@pytest.mark.parametrize(
    "name", ["paper", "original-145", "caffe", "torchvision", "tf-slim-v2", "tf-lrn", "lenet"]
)
def test_the_first_weights_are_of_our_kind(name: str) -> None:
    spec = catalogue.get(name, classes=50, width=0.5)
    torch.default_generator.manual_seed(0)
    theirs = executed(network_source(spec)).state_dict()
    for key, value in build(spec, seed=3).state_dict().items():
        if key.endswith("bias"):
            assert torch.equal(theirs[key], value), key
        else:
            close = 5 / value.numel() ** 0.5  # of the deviation of so many numbers
            assert float(theirs[key].std()) == pytest.approx(float(value.std()), rel=close), key
            assert float(theirs[key].abs().max()) == pytest.approx(float(value.abs().max()), rel=0.5), key


@given(words=st.lists(st.text(st.characters(), max_size=150), min_size=3, max_size=3))
@settings(max_examples=150, deadline=None)
def test_words_stay_words(words: list[str]) -> None:
    """Nothing but the docstring differs, whatever is in it; and a file can hold it."""
    title, source, notes = words
    plain = catalogue.get("lenet")
    written = network_source(replace(plain, title=title, source=source, notes=notes))
    tree, usual = ast.parse(written.encode()), ast.parse(network_source(plain))
    assert isinstance(tree.body[0], ast.Expr) and isinstance(tree.body[0].value, ast.Constant)
    assert [ast.dump(part) for part in tree.body[1:]] == [ast.dump(part) for part in usual.body[1:]]
    assert all(character == "\n" or character.isprintable() for character in written)


@pytest.mark.parametrize(
    "title", ['"quoted"', "ends with \\", "a\0b", "\ud800", "\u202e", "long" * 60, "字" * 150, ""]
)
def test_strange_titles_are_laid_out_too(title: str) -> None:
    check_layout(network_source(replace(catalogue.get("lenet"), title=title)))


def test_an_alpha_beyond_floats_is_still_a_number() -> None:
    layers = (Conv("conv1", 4, 3), ResponseNorm("rnorm1", alpha=1e308), Dense("fc2", None))
    executed(network_source(Spec("x", "", "", layers, image_size=8)))


@pytest.mark.parametrize("name", ["lambda", "forward", "train", "T_destination"])
def test_a_name_that_python_or_torch_needs_is_refused(name: str) -> None:
    spec = replace(catalogue.get("lenet"), layers=(Conv(name, 4, 3), Dense("fc", None)))
    with pytest.raises(BadInput, match=name):
        network_source(spec)


def test_the_names_that_torch_needs_are_all_written_down() -> None:
    assert {name for name in dir(nn.Module()) if name[0].isalpha()} <= OF_MODULES


def test_it_is_written_without_torch() -> None:
    program = """
import sys
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.pytorch_source import network_source
from alexnet_studio.training.pytorch_source import training_source
from alexnet_studio.training.recipe import Recipe
network_source(catalogue.get("paper"))
training_source(catalogue.get("paper"), Recipe())
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.parametrize("name", catalogue.names())
def test_it_is_laid_out_as_a_formatter_would(name: str) -> None:
    check_layout(network_source(catalogue.get(name)))


@given(spec=specs())
@settings(max_examples=25, deadline=None)
def test_any_network_is_laid_out_as_a_formatter_would(spec: Spec) -> None:
    try:
        source = network_source(spec)
    except BadInput:
        assume(False)
        return
    check_layout(source)


def check_layout(source: str) -> None:
    """Lines of at most 100, every import used and in its place."""
    for arguments in (["format", "--check"], ["check", "--select", "E,F,W,I"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--isolated", "--line-length", "100", "-"]
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, f"{done.stdout.decode()}{done.stderr.decode()}{source}"
