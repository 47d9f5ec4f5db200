"""The module: its keys, its weights, and what each layer sees."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn
from torchvision.models import alexnet  # pyright: ignore[reportMissingTypeStubs]

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.build import Network, build
from alexnet_studio.networks.layers import Conv, Dense
from alexnet_studio.networks.spec import Spec

KEYS = [
    f"{layer}.{part}"
    for layer in ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8")
    for part in ("weight", "bias")
]


def images(spec: Spec, batch: int = 2, seed: int = 0) -> Tensor:
    shape = (batch, spec.channels, spec.image_size, spec.image_size)
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def layer(network: Network, name: str) -> nn.Conv2d | nn.Linear:
    module = network.get_submodule(name)
    assert isinstance(module, nn.Conv2d | nn.Linear)
    return module


def bias(network: Network, name: str) -> Tensor:
    found = layer(network, name).bias
    assert found is not None
    return found


@pytest.mark.parametrize("name", catalogue.names())
def test_keys_are_the_layers_names_and_outputs_the_classes(name: str) -> None:
    spec = catalogue.get(name, classes=5)
    with torch.device("meta"):
        network = Network(spec)
        x = torch.zeros(3, spec.channels, spec.image_size, spec.image_size)
        logits = network(x)
        hidden = network.hidden(x)
    weighted = [one.name for one in spec.layers if isinstance(one, Conv | Dense)]
    assert list(network.state_dict()) == [f"{one}.{part}" for one in weighted for part in ("weight", "bias")]
    if name == "tf-lrn":
        assert logits.shape == (3, 256, 6, 6)
        assert hidden.shape == (3, 256 * 6 * 6)
    else:
        assert logits.shape == (3, 5)
        assert hidden.shape == (3, network.get_parameter(f"{weighted[-1]}.weight").shape[1])


def test_with_torchvisions_weights_it_computes_torchvisions_logits() -> None:
    theirs = alexnet(weights=None, num_classes=6).eval()
    spec = catalogue.get("torchvision", classes=6)
    ours = build(spec).eval()
    ours.load_state_dict(dict(zip(KEYS, theirs.state_dict().values(), strict=True)))
    x = images(spec, batch=1)
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs(x))


def test_the_same_seed_gives_the_same_weights_whatever_was_drawn_before() -> None:
    spec = catalogue.get("mini")
    first = build(spec, seed=3).state_dict()
    torch.rand(17)
    second = build(spec, seed=3).state_dict()
    other = build(spec, seed=4).state_dict()
    assert all(torch.equal(first[key], second[key]) for key in KEYS)
    assert not torch.equal(first["conv1.weight"], other["conv1.weight"])


def test_the_global_random_state_is_left_as_it_was() -> None:
    before = torch.get_rng_state()
    build(catalogue.get("mini"), seed=3)
    assert torch.equal(torch.get_rng_state(), before)


def test_another_number_of_classes_leaves_the_other_layers_weights() -> None:
    ten, twelve = (build(catalogue.get("mini", classes=classes), seed=1).state_dict() for classes in (10, 12))
    assert all(torch.equal(ten[key], twelve[key]) for key in KEYS if not key.startswith("fc8"))


def test_the_papers_initialisation_is_that_of_section_5() -> None:
    network = build(catalogue.get("mini"), initialisation="paper")
    for name in ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7", "fc8"):
        weight = layer(network, name).weight
        assert abs(weight.std().item() - 0.01) < 4 * 0.01 / (2 * weight.numel()) ** 0.5
        ones = name in {"conv2", "conv4", "conv5", "fc6", "fc7"}
        assert bool((bias(network, name) == float(ones)).all())


def test_a_convolution_may_name_the_deviation_of_its_first_weights() -> None:
    weight = layer(build(catalogue.get("mini"), seed=1), "conv1").weight
    assert weight.std().item() == pytest.approx(0.01, rel=0.03)


def test_his_initialisation_keeps_the_signals_size() -> None:
    spec = catalogue.get("mini")
    he = replace(spec, layers=(replace(spec.layers[0], deviation=None), *spec.layers[1:]))
    network = build(he, seed=1).eval()
    x = images(network.spec, batch=8)
    sizes = [network.activation(x, name).square().mean().item() for name in ("conv1", "fc6", "fc7")]
    assert all(0.1 < size < 10 for size in sizes)
    assert all(bias(network, name).count_nonzero() == 0 for name in ("conv1", "conv2", "fc6", "fc8"))


def test_training_begins_at_ln_classes() -> None:
    network = build(catalogue.get("mini"), seed=1)
    loss = nn.functional.cross_entropy(network(images(network.spec, batch=10)), torch.arange(10))
    assert abs(loss.item() - math.log(10)) < 0.2


def test_the_network_says_its_own_initialisation() -> None:
    narrow = catalogue.get("paper", width=0.05, image_size=64, classes=3)
    assert bool((bias(build(narrow), "conv2") == 1).all())
    assert bias(build(narrow, initialisation="he"), "conv2").count_nonzero() == 0


def test_hidden_is_the_last_hidden_layer_after_its_relu() -> None:
    network = build(catalogue.get("mini"), seed=1).eval()
    x = images(network.spec)
    hidden = network.hidden(x)
    assert hidden.min() == 0
    torch.testing.assert_close(layer(network, "fc8")(hidden), network(x))
    assert torch.equal(hidden, network.activation(x, "fc7"))


@pytest.mark.parametrize(
    ("name", "sees_both"), [("conv2", False), ("conv3", True), ("conv4", False), ("conv5", False)]
)
def test_only_conv3_sees_both_towers(name: str, sees_both: bool) -> None:
    network = build(catalogue.get("mini"), seed=1)
    module = layer(network, name)
    channels = {"conv2": 48, "conv3": 128, "conv4": 192, "conv5": 192}[name]
    x = torch.randn(1, channels, 5, 5, requires_grad=True)
    output = module(x)
    (gradient,) = torch.autograd.grad(output[:, : output.shape[1] // 2].sum(), x)
    assert gradient[:, : channels // 2].any()
    assert bool(gradient[:, channels // 2 :].any()) is sees_both


def test_dropout_is_the_specs_or_the_one_asked_for() -> None:
    spec = catalogue.get("mini")
    for network, rate in ((build(spec, dropout=0.25), 0.25), (build(spec, dropout=0.0), 0.0)):
        rates = [module.p for module in network.modules() if isinstance(module, nn.Dropout)]
        assert rates == [rate, rate]
    still = build(spec, dropout=0.0)
    x = images(spec)
    assert torch.equal(still.train()(x), still.eval()(x))


@pytest.mark.parametrize("shape", [(1, 3, 63, 64), (1, 3, 32, 32), (1, 1, 64, 64), (3, 64, 64)])
def test_images_of_another_shape_are_refused_with_both_shapes(shape: tuple[int, ...]) -> None:
    with pytest.raises(BadInput) as error:
        build(catalogue.get("mini"))(torch.zeros(shape))
    assert error.value.code == "wrong_input"
    assert "3 x 64 x 64" in error.value.sentence


def test_a_layer_that_is_not_there_is_refused_with_those_that_are() -> None:
    network = build(catalogue.get("mini"))
    with pytest.raises(BadInput, match="conv1, rnorm1"):
        network.activation(images(network.spec), "fc9")


def test_a_name_that_torch_needs_is_refused() -> None:
    spec = replace(catalogue.get("mini"), layers=(Conv("forward", 4, 3), Dense("fc8", None)))
    with pytest.raises(BadInput, match="forward"):
        build(spec)


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_eight_images_can_be_learnt_by_heart(memory_format: torch.memory_format) -> None:
    spec = catalogue.get("mini", classes=4, width=0.25)
    network = build(spec, dropout=0.0, seed=2)
    network.to(memory_format=memory_format)
    x, labels = images(spec, batch=8).contiguous(memory_format=memory_format), torch.arange(8) % 4
    parameters = list(network.parameters())
    for _ in range(100):
        loss = nn.functional.cross_entropy(network(x), labels)
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter -= 0.03 * gradient
    assert torch.equal(network(x).argmax(1), labels)
