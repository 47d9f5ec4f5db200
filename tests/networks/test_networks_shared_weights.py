"""Layers that share less than a convolution, or more: own kernels at each place, and another layer's weights."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch.nn import functional

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import convnet_cfg
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.build import build
from alexnet_studio.networks.convnet_cfg_writer import write
from alexnet_studio.networks.differences import differences
from alexnet_studio.networks.editing import changed
from alexnet_studio.networks.layers import Conv, Dense, Sizing
from alexnet_studio.networks.pytorch_source import network_source
from alexnet_studio.networks.spec import Spec, first_fixed
from alexnet_studio.networks.towers import require_towers
from alexnet_studio.training import optimiser
from alexnet_studio.training.recipe import Recipe

# In the syntax of cuda-convnet's files with local layers and 13 % error on CIFAR-10.
LOCAL = """
[data]
type=data
dataIdx=0

[labels]
type=data
dataIdx=1

[conv1]
type=conv
inputs=data
channels=3
filters=16
padding=2
stride=1
filterSize=5
neuron=relu
initW=0.0001
sharedBiases=0

[pool1]
type=pool
pool=max
inputs=conv1
start=0
sizeX=3
stride=2
outputsX=0
channels=16

[local3]
type=local
inputs=pool1
filters=8
padding=1
stride=1
filterSize=3
channels=16
neuron=relu
initW=0.04

[fc10]
type=fc
outputs=10
inputs=local3
initW=0.01

[probs]
type=softmax
inputs=fc10

[logprob]
type=cost.logreg
inputs=labels,probs
"""
CHAIN = """
[data]
type=data

[conv1]
type=conv
inputs=data
channels=3
filters=16
padding=1
filterSize=3

[conv2]
type=conv
inputs=conv1
channels=16
filters=16
padding=1
filterSize=3

[conv3]
type=conv
inputs=conv2
channels=16
filters=16
padding=1
filterSize=3
weightSource=conv2[0]

[conv4]
type=conv
inputs=conv3
channels=16
filters=16
padding=1
filterSize=3
weightSource=conv3

[fc10]
type=fc
outputs=10
inputs=conv4
"""


def read(folder: Path, text: str) -> Spec:
    path = folder / "layers-made.cfg"
    path.write_text(text, encoding="utf-8")
    return convnet_cfg.read(path).spec


def twice(**options: Any) -> Spec:
    """conv1, conv2 and conv3 with conv2's weights."""
    layers = (
        Conv("conv1", 4, 3, padding=1),
        Conv("conv2", 4, 3, padding=1),
        replace(Conv("conv3", 4, 3, padding=1, weights_of="conv2"), **options),
        Dense("fc", None, activation="none"),
    )
    return Spec("twice", "", "", layers, image_size=6, classes=3)


@pytest.mark.parametrize("sizing", ["floor", "ceil", "same"])
@pytest.mark.parametrize("groups", [1, 2])
def test_a_local_layer_is_a_convolution_of_its_own_at_each_place(sizing: Sizing, groups: int) -> None:
    layer = Conv("l", 6, 3, 2, 1, groups, "none", sizing=sizing, shared="nothing")
    spec = Spec("local", "", "", (layer,), channels=4, image_size=8)
    network = build(spec, seed=3).double()
    weight, bias = network.get_parameter("l.weight"), network.get_parameter("l.bias")
    with torch.no_grad():
        bias.normal_(generator=torch.Generator().manual_seed(1))
    row = report(spec).rows[0]
    side = row.output[1]
    assert (weight.numel(), bias.numel()) == (row.weights, row.biases)
    x = torch.randn(2, 4, 8, 8, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    behind = row.padding + row.overhang
    padded = functional.pad(x, (row.padding, behind, row.padding, behind))
    found = network(x).reshape(2, 6, side, side)
    for y in range(side):
        for z in range(side):
            window = padded[:, :, 2 * y : 2 * y + 3, 2 * z : 2 * z + 3]
            wanted = functional.conv2d(window, weight[..., y, z], bias[:, y, z], groups=groups)
            torch.testing.assert_close(found[:, :, y, z], wanted[:, :, 0, 0])


def test_own_biases_at_each_place_are_added_to_a_convolution() -> None:
    spec = Spec("own", "", "", (Conv("c", 3, 3, activation="none", shared="kernels"),), image_size=5)
    network = build(spec, seed=1)
    with torch.no_grad():
        network.get_parameter("c.bias").copy_(torch.arange(27.0).reshape(3, 3, 3))
    x = torch.randn(1, 3, 5, 5, generator=torch.Generator().manual_seed(0))
    wanted = functional.conv2d(x, network.get_parameter("c.weight")) + torch.arange(27.0).reshape(3, 3, 3)
    torch.testing.assert_close(network(x).reshape(1, 3, 3, 3), wanted)


@pytest.mark.parametrize("how", ["he", "xavier"])
def test_kernels_of_each_place_begin_as_those_of_a_convolution(how: Any) -> None:
    local = Conv("l", 32, 3, padding=1, shared="nothing")
    common = replace(local, shared="all")
    deviations = [
        build(Spec("s", "", "", (layer,), channels=64, image_size=8, initialisation=how), seed=0)
        .get_parameter("l.weight")
        .std()
        .item()
        for layer in (local, common)
    ]
    assert deviations[0] == pytest.approx(deviations[1], rel=0.02)


def test_a_file_with_local_layers_is_read_and_written_back(tmp_path: Path) -> None:
    spec = read(tmp_path, LOCAL)
    conv1, _, local3, fc10 = spec.layers
    assert isinstance(conv1, Conv)
    assert isinstance(local3, Conv)
    assert isinstance(fc10, Dense)
    assert (conv1.shared, local3.shared) == ("kernels", "nothing")
    rows = {row.name: row for row in report(spec).rows}
    assert rows["conv1"].biases == 16 * 32 * 32
    # Each of the 16 x 16 places has 8 kernels of 3 x 3 x 16, and 8 biases.
    assert rows["local3"].weights == 16 * 16 * 8 * 3 * 3 * 16
    assert rows["local3"].biases == 16 * 16 * 8
    (tmp_path / "layers-back.cfg").write_text(write(spec)[0], encoding="utf-8")
    (tmp_path / "layer-params-back.cfg").write_text(write(spec)[1], encoding="utf-8")
    again = convnet_cfg.read(tmp_path / "layers-back.cfg").spec
    assert not differences(spec, again)
    assert first_fixed(spec) == "conv1"


def test_a_file_whose_layers_share_weights_is_read_and_written_back(tmp_path: Path) -> None:
    spec = read(tmp_path, CHAIN)
    # conv4 names conv3, whose weights are conv2's.
    assert [layer.weights_of for layer in spec.layers if isinstance(layer, Conv)] == [
        "",
        "",
        "conv2",
        "conv2",
    ]
    layers, params = write(spec)
    assert layers.count("weightSource=conv2[0]") == 2
    (tmp_path / "layers-back.cfg").write_text(layers, encoding="utf-8")
    (tmp_path / "layer-params-back.cfg").write_text(params, encoding="utf-8")
    assert not differences(spec, convnet_cfg.read(tmp_path / "layers-back.cfg").spec)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "weightSource=conv2[0]",
            "weightSource=conv9[0]",
            "line 28, [conv3]: its weights are those of conv9",
        ),
        ("weightSource=conv2[0]", "weightSource=conv2[1]", "change places"),
        ("weightSource=conv2[0]", "weightSource=conv2[0],conv2[0]", "2 values for 1 inputs"),
        ("weightSource=conv2[0]", "weightSource=[0]", "must be a layer's name"),
        ("weightSource=conv3", "weightSource=conv4", "no layer before it"),
    ],
)
def test_shared_weights_that_cannot_be_name_section_and_line(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    with pytest.raises(BadInput, match=r"layers-made\.cfg, line \d+, \[conv\d\]") as caught:
        read(tmp_path, CHAIN.replace(old, new))
    assert told in str(caught.value)


def test_shared_weights_learn_from_both_layers_and_are_counted_once() -> None:
    spec = twice()
    network = build(spec, seed=0).double()
    assert sum(one.numel() for one in network.parameters()) == report(spec).totals.params
    assert "conv3.weight" not in network.state_dict()
    own = build(replace(spec, layers=tuple(_own(layer) for layer in spec.layers)), seed=0).double()
    own.load_state_dict({**network.state_dict(), "conv3.weight": network.state_dict()["conv2.weight"]})
    x = torch.randn(2, 3, 6, 6, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for one in (network, own):
        one(x).square().sum().backward()
    grads = [own.get_parameter(f"{name}.weight").grad for name in ("conv2", "conv3")]
    assert grads[0] is not None
    assert grads[1] is not None
    torch.testing.assert_close(network.get_parameter("conv2.weight").grad, grads[0] + grads[1])
    # The optimiser moves them once.
    made = optimiser.build(network, Recipe(), "cpu")
    assert sum(len(group["params"]) for group in made.param_groups) == len(list(network.parameters()))


def test_biases_of_each_place_do_not_decay() -> None:
    layers = (Conv("l", 2, 3, shared="nothing"), Dense("fc", None))
    network = build(Spec("s", "", "", layers, image_size=5, classes=2), seed=0)
    made = optimiser.build(network, Recipe(weight_decay=0.1), "cpu")
    decaying = {id(one) for group in made.param_groups if group["weight_decay"] for one in group["params"]}
    assert decaying == {id(network.get_parameter("l.weight")), id(network.get_parameter("fc.weight"))}


def test_the_written_class_shares_the_weights_too() -> None:
    spec = twice()
    space: dict[str, Any] = {"__name__": "written"}
    exec(compile(network_source(spec), "written.py", "exec"), space)
    theirs: nn.Module = space["Network"]()
    ours = build(spec, seed=4)
    assert theirs.state_dict().keys() - ours.state_dict().keys() == {"conv3.weight"}
    theirs.load_state_dict(ours.state_dict(), strict=False)
    assert theirs.get_parameter("conv3.weight") is theirs.get_parameter("conv2.weight")
    x = torch.randn(2, 3, 6, 6, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(theirs(x), ours(x))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"kernel": 1, "padding": 0}, "its weights are 4 x 4 x 1 x 1, those of conv2 4 x 4 x 3 x 3"),
        ({"weights_of": "conv3"}, "no layer of that name"),
        ({"weights_of": "conv7"}, "no layer of that name"),
        ({"weights_of": "fc"}, "no layer of that name"),
    ],
)
def test_weights_that_do_not_fit_are_refused_at_the_layer(options: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match="Layer conv3 of the network twice") as caught:
        report(twice(**options))
    assert told in str(caught.value)


def test_a_renamed_layer_keeps_those_who_have_its_weights() -> None:
    renamed = changed(twice(), "conv2", "name", "middle")
    assert report(renamed).totals == report(twice()).totals


def test_two_devices_cannot_share_weights() -> None:
    with pytest.raises(BadInput, match="conv3 of the network twice has the weights of conv2"):
        require_towers(replace(twice(), towers=2), 2)


def test_differences_say_what_is_shared() -> None:
    own = replace(twice(), layers=tuple(_own(layer) for layer in twice().layers))
    told = {(one.layer, one.aspect): one for one in differences(twice(), own)}
    assert told["conv3", "weights"].left == "those of conv2"
    local = changed(own, "conv1", "shared", "nothing")
    told = {(one.layer, one.aspect): one for one in differences(own, local)}
    assert told["conv1", "kind"].right.startswith("locally connected")


def _own(layer: Any) -> Any:
    return replace(layer, weights_of="") if isinstance(layer, Conv | Dense) else layer
