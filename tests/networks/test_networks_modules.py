"""The layers that torch has not, against plain loops and against torch's own where the two meet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from alexnet_studio.networks import catalogue
from alexnet_studio.networks.build import Network, build
from alexnet_studio.networks.layers import (
    BatchNorm,
    Conv,
    Dense,
    GlobalPool,
    MapNorm,
    Pool,
    ResponseNorm,
    Sizing,
)
from alexnet_studio.networks.spec import Spec

Values = NDArray[np.float64]


def noise(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def network(
    *layers: Conv | Pool | MapNorm | ResponseNorm | GlobalPool | Dense | BatchNorm, **fields: int
) -> Network:
    spec = Spec("small", "", "", layers, **{"channels": 4, "image_size": 9, "classes": 4, **fields})  # pyright: ignore[reportArgumentType]
    return build(spec, seed=1).eval()


def windows(
    image: Values, kernel: int, stride: int, before: int, count: int
) -> dict[tuple[int, int], list[Values]]:
    """For each window its (channels,) vectors that lie in the image, by tap; written as the definition reads."""
    _, height, width = image.shape
    found: dict[tuple[int, int], list[Values]] = {}
    for row in range(count):
        for column in range(count):
            taps = [
                image[:, y, x]
                for y in range(row * stride - before, row * stride - before + kernel)
                for x in range(column * stride - before, column * stride - before + kernel)
                if 0 <= y < height and 0 <= x < width
            ]
            found[row, column] = taps
    return found


# size, kernel, stride, sizing -> outputs, pixels before; from TensorFlow's and the 2012 code's own formulas
CASES: list[tuple[int, int, int, Sizing, int, int]] = [
    (9, 3, 2, "floor", 4, 0),
    (10, 3, 2, "ceil", 5, 0),
    (10, 4, 3, "ceil", 3, 0),
    (9, 3, 2, "same", 5, 1),
    (10, 3, 2, "same", 5, 0),
    (10, 5, 1, "same", 10, 2),
    (11, 4, 4, "same", 3, 0),
]


@pytest.mark.parametrize(("size", "kernel", "stride", "sizing", "count", "before"), CASES)
@pytest.mark.parametrize("method", ["max", "average"])
def test_pooling_is_over_the_pixels_that_are_there(
    size: int, kernel: int, stride: int, sizing: Sizing, count: int, before: int, method: str
) -> None:
    pool = network(Pool("pool1", kernel, stride, method=method, sizing=sizing), image_size=size)  # pyright: ignore[reportArgumentType]
    x = noise(1, 4, size, size)
    expected = np.empty((4, count, count))
    for (row, column), taps in windows(x[0].double().numpy(), kernel, stride, before, count).items():
        expected[:, row, column] = np.max(taps, axis=0) if method == "max" else np.mean(taps, axis=0)
    np.testing.assert_allclose(pool(x)[0].numpy(), expected, atol=1e-6)


@pytest.mark.parametrize(
    ("size", "sizing", "before", "after"),
    [(224, "ceil", 0, 3), (224, "same", 3, 4), (227, "ceil", 0, 0), (225, "same", 5, 5)],
)
def test_conv1_of_eleven_by_stride_four_pads_what_it_needs(
    size: int, sizing: Sizing, before: int, after: int
) -> None:
    ours = network(Conv("conv1", 8, 11, stride=4, sizing=sizing, activation="none"), image_size=size)
    x = noise(1, 4, size, size)
    weight, bias = ours.get_parameter("conv1.weight"), ours.get_parameter("conv1.bias")
    expected = functional.conv2d(functional.pad(x, (before, after, before, after)), weight, bias, stride=4)
    with torch.no_grad():
        out = ours(x)
    assert out.shape[-1] == (56 if sizing == "same" and size == 224 else 57 if size == 225 else 55)
    torch.testing.assert_close(out, expected)


def test_normalisation_within_a_map_against_loops() -> None:
    norm = network(MapNorm("cnorm1", size=5, alpha=0.5, beta=0.75, k=1.0), image_size=7)
    x = noise(1, 4, 7, 7)
    image = x[0].double().numpy()
    expected = np.empty_like(image)
    for (row, column), taps in windows(image, 5, 1, 2, 7).items():
        sums = np.square(taps).sum(axis=0)
        expected[:, row, column] = image[:, row, column] / (1 + 0.5 / 25 * sums) ** 0.75
    np.testing.assert_allclose(norm(x)[0].numpy(), expected, atol=1e-6)


@pytest.mark.parametrize("name", ["caffe", "original-145", "tf-lrn"])
def test_each_familys_response_norm_is_torchs_with_its_own_constants(name: str) -> None:
    spec = catalogue.get(name)
    channels = 16
    norm = next(layer for layer in spec.layers if isinstance(layer, ResponseNorm))
    small = Spec("norm", "", "", (norm,), towers=spec.towers, channels=channels, image_size=5)
    x = 30 * noise(2, channels, 5, 5)
    if name == "caffe":
        expected = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=1)(x)
    elif name == "tf-lrn":
        # TensorFlow's alpha multiplies the sum over 9 channels; torch divides by 9.
        expected = nn.LocalResponseNorm(9, alpha=0.001, beta=0.75, k=1)(x)
    else:
        own = nn.LocalResponseNorm(5, alpha=1e-4, beta=0.75, k=2)
        expected = torch.cat([own(tower) for tower in x.chunk(2, dim=1)], dim=1)
    torch.testing.assert_close(build(small)(x), expected)


def test_a_fully_connected_layer_in_groups_is_one_for_each_tower() -> None:
    ours = network(Dense("fc6", 6, groups=2, activation="none"), image_size=3)
    x = noise(5, 4, 3, 3)
    weight, bias = ours.get_parameter("fc6.weight"), ours.get_parameter("fc6.bias")
    assert weight.shape == (6, 18)
    halves = [
        functional.linear(x[:, :2].flatten(1), weight[:3]),
        functional.linear(x[:, 2:].flatten(1), weight[3:]),
    ]
    torch.testing.assert_close(ours(x), torch.cat(halves, dim=1) + bias)


def test_activations_follow_the_layer_that_names_them() -> None:
    x = noise(1, 4, 9, 9)
    bare = Pool("pool1", 3, 2)
    plain = network(bare)(x)
    expected = {
        "tanh": torch.tanh(plain),
        "sigmoid": torch.sigmoid(plain),
        "leaky_relu": functional.leaky_relu(plain, 0.01),
    }
    for activation, values in expected.items():
        torch.testing.assert_close(network(replace(bare, activation=activation))(x), values)


def test_batch_normalisation_learns_its_statistics_and_its_parameters() -> None:
    plan = network(Conv("conv1", 6, 3, activation="none"), BatchNorm("bnorm1", activation="relu"))
    plan.train()
    out = plan(5 + 3 * noise(64, 4, 9, 9))
    assert out.min() == 0
    assert set(dict(plan.named_parameters())) == {
        "conv1.weight",
        "conv1.bias",
        "bnorm1.weight",
        "bnorm1.bias",
    }
    assert plan.get_buffer("bnorm1.running_mean").abs().max() > 0


def test_convolutions_in_the_place_of_full_connections_compute_the_same() -> None:
    """alexnet_v2's fc6, fc7 and fc8 with the weights of fully connected layers."""
    convolutions = catalogue.get("tf-slim-v2", width=0.05, classes=7)
    dense = replace(
        convolutions,
        layers=tuple(
            Dense(layer.name, layer.filters, activation=layer.activation)
            if isinstance(layer, Conv) and layer.name.startswith("fc")
            else layer
            for layer in convolutions.layers
            if not isinstance(layer, GlobalPool)
        ),
    )
    ours, theirs = build(convolutions, seed=1).eval(), build(dense, seed=2).eval()
    theirs.load_state_dict(
        {
            name: tensor.flatten(1) if name.startswith("fc") and tensor.ndim == 4 else tensor
            for name, tensor in ours.state_dict().items()
        }
    )
    x = noise(2, 3, 224, 224)
    with torch.no_grad():
        torch.testing.assert_close(ours(x), theirs(x), atol=1e-5, rtol=1e-4)


def test_a_larger_image_gives_the_average_of_a_map() -> None:
    large = build(catalogue.get("tf-slim-v2", width=0.05, classes=7, image_size=288), seed=1).eval()
    x = noise(1, 3, 288, 288)
    with torch.no_grad():
        fc7 = large.activation(x, "fc7")
        assert fc7.shape[2:] == (3, 3)
        torch.testing.assert_close(large.hidden(x), fc7.mean(dim=(2, 3)))
        assert large(x).shape == (1, 7)


def test_truncated_weights_stay_within_two_deviations() -> None:
    weight = build(catalogue.get("tf-lrn"), seed=1).get_parameter("conv2.weight")
    assert weight.abs().max() <= 0.2
    # A normal distribution cut at two deviations has 0.88 of its deviation.
    assert weight.std().item() == pytest.approx(0.0880, abs=0.002)


def test_the_2012_first_weights_and_biases() -> None:
    first = build(catalogue.get("original-145", width=0.25), seed=1)
    for name, deviation, bias in [
        ("conv1", 0.01, 0),
        ("conv2", 0.01, 1),
        ("conv3", 0.03, 0),
        ("conv4", 0.03, 1),
        ("conv5", 0.03, 1),
        ("fc6", 0.01, 1),
        ("fc7", 0.01, 1),
        ("fc8", 0.01, 0),
    ]:
        assert first.get_parameter(f"{name}.weight").std().item() == pytest.approx(deviation, rel=0.05)
        assert bool((first.get_parameter(f"{name}.bias") == bias).all())
