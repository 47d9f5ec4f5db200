"""Whether what this torch computes is what the paper and its code mean: each operation against plain loops.

The loops are written as the definitions read, in float64 and without torch, so that they share no mistake with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from alexnet_studio.networks.build import Network, build
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense, Dropout, MapNorm, Pool, ResponseNorm, Sizing
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training import optimiser
from alexnet_studio.training.recipe import Recipe

Values = NDArray[np.float64]
_CHANNELS, _SIDE = 8, 11


@dataclass(frozen=True, slots=True)
class Deviation:
    """The largest absolute difference between torch and the loops, and what rounding may make of it."""

    check: str
    source: str
    deviation: float
    tolerance: float

    @property
    def ok(self) -> bool:
        return self.deviation <= self.tolerance


def deviations() -> tuple[Deviation, ...]:
    """One row for each operation whose meaning libraries disagree about."""
    return tuple(_rows())


def _rows() -> Iterator[Deviation]:
    norm = ResponseNorm("rnorm1", alpha=0.3)
    for name, source, layer, loop in (
        ("response norm, alpha as printed", "paper, 3.3", norm, _response_norm(0.3, 2.0)),
        (
            "response norm, alpha / n",
            "layer.py:1183",
            ResponseNorm("rnorm1", alpha=0.3, divide_by_size=True),
            _response_norm(0.3 / 5, 2.0),
        ),
        ("normalisation within a map", "layers-145.cfg", MapNorm("cnorm1", alpha=0.5), _map_norm),
        ("overlapping pooling, 3 by 2", "paper, 3.4", Pool("pool1", 3, 2), _pooling(3, 2, 5, np.max)),
        (
            "pooling with the last window kept",
            "layer.py:1004",
            Pool("pool1", 4, 2, sizing="ceil"),
            _pooling(4, 2, 5, np.max),
        ),
        (
            "average over the pixels that are there",
            "the 2012 code",
            Pool("pool1", 4, 2, method="average", sizing="ceil"),
            _pooling(4, 2, 5, np.mean),
        ),
    ):
        images = 3 * _noise(2, _CHANNELS, _SIDE, _SIDE)
        yield _compared(name, source, _network(layer)(images), loop(images.double().numpy()))
    yield from _convolutions()
    yield _dropout()
    yield from _updates()


def _compared(check: str, source: str, ours: Tensor, theirs: Values, tolerance: float = 1e-5) -> Deviation:
    values = ours.detach().double().numpy()
    if values.shape != theirs.shape:
        return Deviation(check, source, float("inf"), tolerance)
    return Deviation(check, source, float(np.abs(values - theirs).max()), tolerance)


def _noise(*shape: int) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(0))


def _network(*layers: AnyLayer) -> Network:
    spec = Spec("check", "", "", layers, towers=2, channels=_CHANNELS, image_size=_SIDE, classes=3)
    return build(spec, seed=1).eval()


def _response_norm(alpha: float, k: float) -> Callable[[Values], Values]:
    """Section 3.3 with n = 5 and beta = 0.75, within each of two towers."""

    def loop(images: Values) -> Values:
        out = np.empty_like(images)
        half = _CHANNELS // 2
        for channel in range(_CHANNELS):
            first = half * (channel // half)
            near = range(max(first, channel - 2), min(first + half, channel + 3))
            sums = sum(images[:, other] ** 2 for other in near)
            out[:, channel] = images[:, channel] / (k + alpha * sums) ** 0.75
        return out

    return loop


def _map_norm(images: Values) -> Values:
    """5 x 5 pixels of the same map, k = 1, alpha divided by 25."""
    out = np.empty_like(images)
    for y in range(_SIDE):
        for x in range(_SIDE):
            near = images[:, :, max(0, y - 2) : y + 3, max(0, x - 2) : x + 3]
            out[:, :, y, x] = images[:, :, y, x] / (1 + 0.5 / 25 * (near**2).sum(axis=(2, 3))) ** 0.75
    return out


def _pooling(
    kernel: int, stride: int, count: int, reduce: Callable[..., Values]
) -> Callable[[Values], Values]:
    def loop(images: Values) -> Values:
        out = np.empty((*images.shape[:2], count, count))
        for y in range(count):
            for x in range(count):
                top, left = y * stride, x * stride
                window = images[:, :, top : top + kernel, left : left + kernel]
                out[:, :, y, x] = reduce(window, axis=(2, 3))
        return out

    return loop


def _convolutions() -> Iterator[Deviation]:
    """In two groups, with a last window that overhangs (2012), and padded as TensorFlow does."""
    cases: tuple[tuple[str, str, Sizing, int, int], ...] = (
        ("convolution in two groups, last window kept", "layer.py:1004", "ceil", 0, 3),
        ("convolution with SAME padding", "TensorFlow", "same", 1, 3),
    )
    for name, source, sizing, before, count in cases:
        layer = Conv("conv1", 6, 5, stride=4, groups=2, sizing=sizing, activation="none")
        network, images = _network(layer), _noise(2, _CHANNELS, _SIDE, _SIDE)
        weight = network.get_parameter("conv1.weight").detach().double().numpy()
        bias = network.get_parameter("conv1.bias").detach().double().numpy()
        out = _convolved(images.double().numpy(), weight, bias, before, count)
        yield _compared(name, source, network(images), out)


def _convolved(images: Values, weight: Values, bias: Values, before: int, count: int) -> Values:
    """Kernels of 5 x 5, stride 4, two groups; what lies outside the image is zero."""
    out = np.empty((len(images), len(weight), count, count))
    inputs = weight.shape[1]
    for kernel, (taps, constant) in enumerate(zip(weight, bias, strict=True)):
        first = inputs * (kernel // (len(weight) // 2))
        for y in range(count):
            for x in range(count):
                total = np.full(len(images), constant)
                for dy in range(5):
                    for dx in range(5):
                        row, column = 4 * y - before + dy, 4 * x - before + dx
                        if 0 <= row < _SIDE and 0 <= column < _SIDE:
                            total += images[:, first : first + inputs, row, column] @ taps[:, dy, dx]
                out[:, kernel, y, x] = total
    return out


def _dropout() -> Deviation:
    """While training, what is kept is doubled (torch); while testing, nothing changes: the paper's halves, seen from
    the other side.
    """
    network = _network(Dropout("drop1", 0.5))
    images = 1 + _noise(2, _CHANNELS, _SIDE, _SIDE).abs()
    testing = _compared("", "", network(images), images.double().numpy(), 0.0).deviation
    network.train()
    state = torch.get_rng_state()
    kept = network(images)
    torch.set_rng_state(state)
    doubled = torch.where(kept != 0, 2 * images, torch.zeros_like(images))
    training = float((kept - doubled).abs().max())
    return Deviation("dropout keeps the expected value", "paper, 4.2", max(testing, training), 1e-6)


def _updates() -> Iterator[Deviation]:
    """v = 0.9 v - 0.0005 e w - e g; w = w + v (section 5, weights.cu), biases without decay and at their own rate."""
    layer = Dense("fc1", None, activation="none", bias_rate=2.0)
    network = _network(layer)
    recipe = Recipe(lr=0.01, momentum=0.9, weight_decay=5e-4)
    stepper = optimiser.build(network, recipe, "cpu")
    optimiser.set_rates(stepper, recipe.lr, lambda _layer, _bias: 1.0)
    names = {"fc1.weight": "the update of weights", "fc1.bias": "the update of biases"}
    values = {name: network.get_parameter(name).detach().double().numpy().copy() for name in names}
    velocity = {name: np.zeros_like(value) for name, value in values.items()}
    generator = np.random.default_rng(0)
    for _ in range(5):
        for name in names:
            gradient = generator.normal(size=values[name].shape)
            network.get_parameter(name).grad = torch.tensor(gradient, dtype=torch.float32)
            rate, decay = (0.01, 5e-4) if name.endswith("weight") else (0.02, 0.0)
            velocity[name] = 0.9 * velocity[name] - decay * rate * values[name] - rate * gradient
            values[name] = values[name] + velocity[name]
        stepper.step()
    for name, check in names.items():
        yield _compared(check, "paper, 5; weights.cu", network.get_parameter(name), values[name])
