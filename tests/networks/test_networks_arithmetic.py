"""The closed form against torch, the published numbers, and a walk through the windows."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import get_args

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.build import Network
from alexnet_studio.networks.layers import Conv, Dense, Pool, ResponseNorm, Sizing
from alexnet_studio.networks.reports import Report
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.windows import smallest_image

LARGE = ("paper", "one-tower", "torchvision", "half-tower")


def rows(result: Report) -> dict[str, tuple[int, ...]]:
    return {row.name: row.output for row in result.rows}


def test_the_papers_numbers() -> None:
    result = report(catalogue.get("paper"))
    assert result.totals.params == 60_965_224
    assert result.totals.macs == 724_406_816
    assert result.totals.neurons == 659_272
    assert {row.name: row.params for row in result.rows if row.params} == {
        "conv1": 34_944,
        "conv2": 307_456,
        "conv3": 885_120,
        "conv4": 663_936,
        "conv5": 442_624,
        "fc6": 37_752_832,
        "fc7": 16_781_312,
        "fc8": 4_097_000,
    }
    fields = {row.name: row.receptive_field for row in result.rows}
    assert [fields[f"conv{n}"] for n in (1, 2, 3, 4, 5)] == [11, 51, 99, 131, 163]
    assert [fields[f"pool{n}"] for n in (1, 2, 5)] == [19, 67, 195]
    assert rows(result)["conv1"] == (96, 55, 55)
    assert rows(result)["pool5"] == (256, 6, 6)


@pytest.mark.parametrize(
    ("name", "classes", "params"),
    [
        ("original-145", 1000, 60_965_224),
        ("one-gpu-145-half", 1000, 59_798_312),
        ("paper-conv6", 1000, 60_965_224 + 256 * 128 * 9 + 256),
        ("caffe", 1000, 60_965_224),
        ("torchvision", 1000, 61_100_840),
        ("half-tower", 14, 14_610_126),
        ("one-tower", 1000, 62_378_344),
        ("fashion", 10, 62_378_344 - 990 * 4097 - 2 * 121 * 96),
        # The convolutions as TensorFlow's benchmark prints them, and the fully connected layers as convolutions.
        ("tf-lrn", 1000, 23_296 + 307_392 + 663_936 + 884_992 + 590_080),
        ("lenet", 10, 61_706),
        ("cifar-4layer", 10, 2_432 + 25_632 + 51_264 + 10_250),
    ],
)
def test_the_other_networks_parameters(name: str, classes: int, params: int) -> None:
    assert report(catalogue.get(name, classes=classes)).totals.params == params


@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize("size", [63, 64, 65, 100, 195, 224, 227, 256, 512])
def test_every_row_is_what_torch_computes(name: str, size: int) -> None:
    spec = catalogue.get(name, image_size=size)
    if size >= smallest_image(spec):
        check_against_torch(spec)
    else:
        with pytest.raises(BadInput, match=f"at least {smallest_image(spec)}"):
            report(spec)


@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize(
    ("classes", "channels", "width"), [(1, 1, 0.1), (14, 3, 0.5), (7, 4, 1.25), (22_000, 3, 1.0)]
)
def test_classes_channels_and_width_too(name: str, classes: int, channels: int, width: float) -> None:
    check_against_torch(catalogue.get(name, classes=classes, channels=channels, width=width))


@given(
    kernels=st.lists(
        st.tuples(
            st.integers(1, 7),
            st.integers(1, 4),
            st.integers(0, 3),
            st.booleans(),
            st.sampled_from(get_args(Sizing)),
        ),
        min_size=1,
        max_size=5,
    ),
    size=st.integers(1, 80),
)
@settings(max_examples=200, deadline=None)
def test_any_stack_of_windows_agrees_with_torch_or_both_refuse(
    kernels: list[tuple[int, int, int, bool, Sizing]], size: int
) -> None:
    layers = tuple(
        Pool(f"pool{n}", kernel, stride, sizing=sizing, method="average" if padding else "max")
        if pool
        else Conv(f"conv{n}", 4, kernel, stride, padding, groups=2, sizing=sizing)
        for n, (kernel, stride, padding, pool, sizing) in enumerate(kernels)
    )
    spec = small(*layers, Dense("fc", None), channels=2, image_size=size)
    smallest = smallest_image(spec)
    if size >= smallest:
        check_against_torch(spec)
    else:
        with pytest.raises(BadInput) as error:
            report(spec)
        assert error.value.code == "layer_vanishes"
        assert error.value.fields["smallest"] == smallest
        report(replace(spec, image_size=smallest))
        if smallest > 1:
            with pytest.raises(BadInput):
                report(replace(spec, image_size=smallest - 1))


@pytest.mark.parametrize("name", catalogue.names())
def test_rows_sum_to_the_totals_and_each_takes_what_the_one_before_gives(name: str) -> None:
    result = report(catalogue.get(name))
    for field in ("weights", "biases", "params", "macs", "neurons"):
        assert sum(getattr(row, field) for row in result.rows) == getattr(result.totals, field)
    for before, row in zip(result.rows, result.rows[1:], strict=False):
        assert torch.Size(before.output).numel() == torch.Size(row.input).numel()
        assert row.params == row.weights + row.biases


@pytest.mark.parametrize("name", catalogue.names())
def test_the_receptive_field_is_the_span_of_a_walk_back_through_the_windows(name: str) -> None:
    spec = catalogue.get(name)
    for row, layer_count in zip(report(spec).rows, range(1, len(spec.layers) + 1), strict=True):
        if len(row.output) == 3:
            assert row.receptive_field == walked_span(spec, layer_count)


@pytest.mark.parametrize("name", LARGE)
def test_a_size_at_which_a_layer_vanishes_names_layer_and_remedy(name: str) -> None:
    with pytest.raises(BadInput) as error:
        report(catalogue.get(name, image_size=62))
    assert error.value.code == "layer_vanishes"
    assert "pool5" in error.value.sentence
    assert "at least 63" in error.value.sentence


@pytest.mark.parametrize(
    ("code", "spec"),
    [
        ("groups_do_not_divide", Spec("x", "", "", (Conv("conv1", 4, 3, groups=2),), channels=3)),
        ("groups_do_not_divide", Spec("x", "", "", (Conv("conv1", 5, 3, groups=3),), channels=3)),
        ("towers_do_not_divide", Spec("x", "", "", (Conv("conv1", 5, 3),), towers=2)),
        ("towers_do_not_divide", Spec("x", "", "", (ResponseNorm("rnorm1"),), towers=2)),
        ("layer_order", Spec("x", "", "", (Dense("fc6", 4), Conv("conv1", 4, 3)))),
        ("layer_order", Spec("x", "", "", (Dense("fc6", 4), Pool("pool1")))),
        ("layer_twice", Spec("x", "", "", (Conv("conv1", 4, 3), Conv("conv1", 4, 3)))),
        ("groups_do_not_divide", Spec("x", "", "", (Conv("c", 4, 3), Dense("fc6", 9, groups=2)))),
    ],
)
def test_a_plan_that_cannot_be_built_is_explained(code: str, spec: Spec) -> None:
    with pytest.raises(BadInput) as error:
        report(spec)
    assert error.value.code == code
    assert spec.layers[-1].name in error.value.sentence


def test_the_table_follows_an_edit_at_once() -> None:
    specs = [catalogue.get(name) for name in catalogue.names()]
    best = min(timed(specs) for _ in range(5))
    assert best < 0.005 * len(specs)


def timed(specs: list[Spec]) -> float:
    start = time.perf_counter()
    for spec in specs:
        report(spec)
    return time.perf_counter() - start


def a_pool(number: int, kernel: int, stride: int, padding: int, sizing: Sizing) -> Pool:
    method = "average" if padding else "max"
    return Pool(f"pool{number}", kernel, stride, method=method, sizing=sizing)


def a_conv(number: int, kernel: int, stride: int, padding: int, sizing: Sizing) -> Conv:
    return Conv(f"conv{number}", 4, kernel, stride, padding, groups=2, sizing=sizing)


def small(*layers: Conv | Pool | Dense, channels: int = 3, image_size: int = 32) -> Spec:
    return Spec("small", "", "", layers, channels=channels, image_size=image_size, classes=3)


def check_against_torch(spec: Spec) -> None:
    """Shapes from forward hooks, counts from the weights; on the meta device, which computes no values."""
    with torch.device("meta"):
        network = Network(spec)
        seen = hooked(network, torch.zeros(1, spec.channels, spec.image_size, spec.image_size))
    result = report(spec)
    for row in result.rows:
        module = network.get_submodule(row.name)
        before, after = seen[row.name]
        assert (row.input, row.output) == (before, after), row.name
        parameters = dict(module.named_parameters())
        assert row.weights == (parameters["weight"].numel() if parameters else 0)
        assert row.biases == (parameters["bias"].numel() if parameters else 0)
        if row.kind == "conv":
            assert row.macs == after[1] * after[2] * parameters["weight"].numel()
        assert row.neurons == (torch.Size(after).numel() if row.kind in {"conv", "fc"} else 0)
    assert result.totals.params == sum(p.numel() for p in network.parameters())


def hooked(network: Network, images: Tensor) -> dict[str, tuple[tuple[int, ...], tuple[int, ...]]]:
    """(input, output) shapes of every layer, without the batch."""
    seen: dict[str, tuple[tuple[int, ...], tuple[int, ...]]] = {}

    def watch(name: str) -> None:
        def note(_: nn.Module, args: tuple[Tensor, ...], output: Tensor) -> None:
            seen[name] = (tuple(args[0].shape[1:]), tuple(output.shape[1:]))

        network.get_submodule(name).register_forward_hook(note)

    for layer in network.spec.layers:
        watch(layer.name)
    network(images)
    return seen


def walked_span(spec: Spec, layers: int) -> int:
    """How many neighbouring pixels one output sees, by collecting the positions that each window touches."""
    positions = {0}
    for layer in reversed(spec.layers[:layers]):
        if isinstance(layer, Conv | Pool):
            positions = {p * layer.stride + tap for p in positions for tap in range(layer.kernel)}
    return max(positions) - min(positions) + 1
