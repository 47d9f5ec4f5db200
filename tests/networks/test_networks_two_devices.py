"""Two towers on two devices: the same network, and nothing crosses but where the paper lets it."""

from __future__ import annotations

import importlib
import math
from dataclasses import replace
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from written_specs import specs

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.build import Network, build
from alexnet_studio.networks.layers import ResponseNorm
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.switches import Switches, switched
from alexnet_studio.networks.towers import LINKS, Links, crossings, holdings, linked, require_towers
from alexnet_studio.networks.two_devices import TowerNetwork, join, placed, whole_name
from alexnet_studio.networks.variant import variant

CPUS = (torch.device("cpu"), torch.device("cpu"))
TOWERS = ("paper", "original-145", "paper-conv6", "caffe", "mini")


def small(name: str) -> Spec:
    """With all its layers, for images of 67 pixels and an eighth of the kernels."""
    spec = catalogue.get(name)
    return spec if name == "mini" else variant(spec, classes=7, image_size=95, width=0.125)


def assert_same(spec: Spec) -> None:
    """Outputs, features and the gradient of every parameter, in float64."""
    whole = build(spec, dropout=0.0, seed=3).double()
    cut = TowerNetwork(build(spec, dropout=0.0, seed=3).double(), CPUS)
    x = torch.randn(3, spec.channels, spec.image_size, spec.image_size, dtype=torch.float64)
    ours, theirs = cut(x), whole(x)
    torch.testing.assert_close(ours, theirs, rtol=1e-9, atol=1e-12)
    for loss in (ours, theirs):
        torch.autograd.backward(loss.square().mean())
    halves: dict[str, list[Tensor]] = {}
    for name, parameter in cut.named_parameters():
        assert parameter.grad is not None
        halves.setdefault(whole_name(name), []).append(parameter.grad)
    assert set(halves) == {name for name, _ in whole.named_parameters()}
    for name, parameter in whole.named_parameters():
        assert parameter.grad is not None
        torch.testing.assert_close(join(halves[name]), parameter.grad, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("name", TOWERS)
def test_same_values_and_gradients(name: str) -> None:
    assert_same(small(name))


@pytest.mark.parametrize("links", LINKS)
def test_same_with_every_wiring(links: Links) -> None:
    assert_same(linked(small("paper"), links))


@pytest.mark.parametrize(
    "switches",
    [Switches(batch_norm=True), Switches(response_norm="before"), Switches(pooling="average")],
    ids=str,
)
def test_same_with_switches(switches: Switches) -> None:
    assert_same(switched(small("paper"), switches))


@pytest.mark.parametrize("size", [1, 4, 5, 99])
def test_normalisation_across_towers_needs_the_channels_at_the_border(size: int) -> None:
    spec = small("mini")
    layers = tuple(
        replace(layer, across_towers=True, size=size, alpha=0.5) if isinstance(layer, ResponseNorm) else layer
        for layer in spec.layers
    )
    assert any(layer != before for layer, before in zip(layers, spec.layers, strict=True))
    assert_same(replace(spec, layers=layers))


@settings(deadline=None, max_examples=60)
@given(specs())
def test_same_for_any_network(spec: Spec) -> None:
    assume(spec.towers == 2)
    try:
        require_towers(spec, 2)
    except BadInput:
        assume(False)
    network = build(spec, dropout=0.0).double().eval()
    cut = TowerNetwork(build(spec, dropout=0.0).double(), CPUS).eval()
    x = torch.randn(2, spec.channels, spec.image_size, spec.image_size, dtype=torch.float64)
    for layer in spec.layers:
        ours, theirs = cut.activation(x, layer.name), network.activation(x, layer.name)
        torch.testing.assert_close(ours.flatten(1), theirs.flatten(1), rtol=1e-9, atol=1e-12)


def test_the_state_is_the_whole_network_s() -> None:
    spec = switched(small("mini"), Switches(batch_norm=True))
    whole = build(spec, seed=1)
    cut = TowerNetwork(build(spec, seed=1), CPUS)
    state = cut.state_dict()
    assert list(state) == list(whole.state_dict())
    assert all(torch.equal(tensor, state[name]) for name, tensor in whole.state_dict().items())
    other = build(spec, seed=2)
    cut.load_state_dict(other.state_dict())
    assert all(torch.equal(tensor, cut.state_dict()[name]) for name, tensor in other.state_dict().items())


def test_a_state_that_does_not_fit_is_refused() -> None:
    cut = TowerNetwork(build(small("mini")), CPUS)
    state = build(small("mini")).state_dict()
    del state["conv2.bias"]
    with pytest.raises(RuntimeError, match=r"conv2\.tower1\.bias"):
        cut.load_state_dict(state)
    state = build(small("mini")).state_dict()
    state["conv9.weight"] = torch.zeros(2)
    with pytest.raises(RuntimeError, match=r"conv9\.weight"):
        cut.load_state_dict(state)


def test_every_parameter_lies_where_its_tower_does() -> None:
    devices = (torch.device("cpu"), torch.device("meta"))
    cut = placed(build(small("original-145")), devices)
    where = {name: parameter.device.type for name, parameter in cut.named_parameters()}
    assert where["conv1.tower1.weight"] == where["fc8.tower1.weight"] == "cpu"
    assert where["conv1.tower2.weight"] == where["fc7.tower2.bias"] == "meta"
    assert "fc8.tower2.weight" not in where
    assert all(place == ("cpu" if "tower1" in name else "meta") for name, place in where.items())


class Copies(TorchDispatchMode):
    """Counts the bytes that go from one device to another."""

    def __init__(self) -> None:
        start: Any = super()
        start.__init__()
        self.bytes: list[int] = []

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        if "_to_copy" in str(func) and out.device != args[0].device:
            self.bytes.append(out.numel() * out.element_size())
        return out


@pytest.mark.parametrize("name", TOWERS)
@pytest.mark.parametrize("links", [None, *LINKS])
def test_nothing_crosses_but_the_links(name: str, links: Links | None) -> None:
    """Tensors that only say on which GPU they are: an operation across two of them is an error, as on real ones."""
    spec = catalogue.get(name) if name == "mini" else replace(catalogue.get(name), image_size=224)
    spec = spec if links is None or spec.towers == 1 else linked(spec, links)
    if spec.towers == 1:
        pytest.skip("one tower")
    fake = importlib.import_module("torch._subclasses.fake_tensor").FakeTensorMode
    gpus = (torch.device("cuda:0"), torch.device("cuda:1"))
    with fake(allow_non_fake_inputs=True), torch.no_grad():
        with gpus[0]:
            network = TowerNetwork(Network(spec, dropout=0.0), gpus)
        batch = 2
        x = torch.empty(batch, spec.channels, spec.image_size, spec.image_size, device=gpus[0])
        with Copies() as copies:
            out = network(x)
    assert (out.device, out.shape) == (gpus[0], (batch, spec.classes))
    image = math.prod(x.shape[1:]) * 4  # the second tower sees it, too
    expected = [image] + [
        crossing.values * 4 for crossing in crossings(spec) for _ in range(2 if crossing.both_ways else 1)
    ]
    assert sorted(copies.bytes) == sorted(batch * one for one in expected)


def test_fake_gpus_refuse_what_real_ones_refuse() -> None:
    """The oracle of the test above can fail."""
    fake = importlib.import_module("torch._subclasses.fake_tensor").FakeTensorMode
    with fake(), pytest.raises(Exception, match="device"):
        torch.cat([torch.empty(2, device="cuda:0"), torch.empty(2, device="cuda:1")])


def test_what_crosses_in_the_paper() -> None:
    """13 x 13 x 128 of pool2, 6 x 6 x 128 of pool5, 2,048 neurons twice; the last to the classifier's tower only."""
    found = crossings(catalogue.get("paper"))
    assert [(one.layer, one.values, one.both_ways) for one in found] == [
        ("conv3", 13 * 13 * 128, True),
        ("fc6", 6 * 6 * 128, True),
        ("fc7", 2048, True),
        ("fc8", 2048, False),
    ]
    assert found[0].image_bytes(2) == 2 * 4 * 13 * 13 * 128
    assert found[-1].image_bytes(2, width=2) == 2 * 2048
    assert crossings(catalogue.get("torchvision")) == ()
    assert [one.layer for one in crossings(linked(catalogue.get("paper"), "none"))] == ["fc8"]


@pytest.mark.parametrize("name", TOWERS)
def test_holdings_are_what_the_towers_hold(name: str) -> None:
    spec = catalogue.get(name)
    if spec.towers == 1:
        assert holdings(spec)[0].params == report(spec).totals.params
        return
    cut = placed(build(spec), CPUS)
    counts = [0, 0]
    for parameter, value in cut.named_parameters():
        counts[int("tower2" in parameter)] += value.numel()
    held = holdings(spec)
    assert [one.params for one in held] == counts
    assert sum(one.values for one in held) == sum(math.prod(row.output) for row in report(spec).rows)


def test_linked_keeps_the_name_where_nothing_changes() -> None:
    paper = catalogue.get("paper")
    assert linked(paper, "conv3") is paper
    assert linked(paper, "conv4").name == "paper-links-conv4"
    groups = {layer.name: getattr(layer, "groups", 0) for layer in linked(paper, "conv4").layers}
    assert (groups["conv3"], groups["conv4"], groups["fc6"], groups["fc8"]) == (2, 1, 1, 1)


@pytest.mark.parametrize(
    ("spec", "code"),
    [
        (catalogue.get("torchvision"), "towers_and_devices"),
        (replace(small("paper"), towers=1), "towers_and_devices"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_what_cannot_be_cut_is_refused(spec: Spec, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        placed(build(spec), CPUS)
    assert caught.value.code == code


def test_one_tower_has_no_links() -> None:
    with pytest.raises(BadInput, match="has one tower"):
        linked(catalogue.get("lenet"), "conv4")
