"""Receptive fields by changing pixels: outside nothing happens, at the rectangle's four sides something does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.build import Network, build
from alexnet_studio.networks.layers import (
    Activation,
    AnyLayer,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    GlobalPool,
    MapNorm,
    Pool,
)
from alexnet_studio.networks.receptive import Field, receptive_field
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.windows import smallest_image

NETWORKS = catalogue.names()


def small(name: str) -> Spec:
    """Narrow, and at 127 pixels or the fewest that it works with above that."""
    spec = catalogue.get(name, classes=4, width=1 / 32)
    size = spec.image_size if spec.image_size < 127 else max(127, smallest_image(spec))
    return catalogue.get(name, classes=4, image_size=size, width=1 / 32)


def smooth(spec: Spec) -> Network:
    """The same wiring with positive weights and averages for maxima: every pixel that is seen moves the value."""
    kept = tuple(_smooth(layer) for layer in spec.layers)
    network = build(replace(spec, layers=kept), seed=1).double().eval()
    with torch.no_grad():
        for name, weight in network.named_parameters():
            weight.abs_() if name.endswith("weight") else weight.zero_()
    return network


def _smooth(layer: AnyLayer) -> AnyLayer:
    none: Activation = "none"
    if isinstance(layer, Pool):
        return replace(layer, method="average", activation=none)
    return replace(layer, activation=none) if isinstance(layer, Conv | Dense | BatchNorm) else layer


def sensitivity(spec: Spec, layer: str, row: int, column: int) -> torch.Tensor:
    """(S, S): how much each pixel moves the layer's units at a place, as the gradient of their sum."""
    network = smooth(spec)
    x = torch.rand(1, spec.channels, spec.image_size, spec.image_size, dtype=torch.float64) + 0.5
    x.requires_grad_()
    out = network.activation(x, layer)
    units = out[0, :, row, column] if out.dim() == 4 else out[0]
    weights = torch.rand(len(units), dtype=torch.float64) + 0.1
    (found,) = torch.autograd.grad((units * weights).sum(), x)
    return found[0].abs().sum(0)


def rectangle_of(moved: torch.Tensor) -> Field:
    seen = moved.numpy() > 0
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    if not len(rows):
        return Field(0, 0, 0, 0)
    return Field(int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1)


@pytest.mark.parametrize("name", NETWORKS)
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_the_rectangle_is_what_the_gradient_reaches(name: str, data: st.DataObject) -> None:
    spec = small(name)
    shown = [row for row in report(spec).rows if row.kind != "dropout"]
    row = data.draw(st.sampled_from(shown))
    side = row.output[1] if len(row.output) == 3 else 1
    corner = st.sampled_from(sorted({0, side // 2, side - 1}))
    place = data.draw(corner), data.draw(corner)
    moved = sensitivity(spec, row.name, *place)
    field = receptive_field(spec, row.name, *place)
    assert rectangle_of(moved) == field, row.name


@pytest.mark.parametrize("name", ["paper", "original-145", "mini", "torchvision"])
def test_pixels_outside_never_change_a_unit(name: str) -> None:
    """The network as it is, with its maxima and ReLUs: not a single unit of the place moves, inside some do."""
    spec = small(name)
    network = build(spec, seed=3).eval()
    dice = torch.Generator().manual_seed(0)
    x = torch.rand(1, spec.channels, spec.image_size, spec.image_size, generator=dice)
    for layer in ("conv1", "pool1", "conv2", "conv3", "conv5"):
        rows = {row.name: row for row in report(spec).rows}
        if layer not in rows:
            continue
        place = rows[layer].output[1] - 1, 0
        field = receptive_field(spec, layer, *place)
        inside = torch.zeros(spec.image_size, spec.image_size, dtype=torch.bool)
        inside[field.top : field.bottom, field.left : field.right] = True
        noise = torch.rand(x.shape, generator=dice)
        with torch.no_grad():
            before, elsewhere, here = (
                network.before_activation(changed, layer)[0, :, place[0], place[1]]
                for changed in (x, torch.where(inside, x, noise), torch.where(inside, noise, x))
            )
        assert torch.equal(before, elsewhere), layer
        assert not torch.equal(before, here), layer


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_sizing_padding_and_window(data: st.DataObject) -> None:
    layers: list[AnyLayer] = []
    for number in range(data.draw(st.integers(1, 4))):
        kernel, stride = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 3))
        sizing = data.draw(st.sampled_from(("floor", "ceil", "same")))
        kind = data.draw(st.sampled_from(("conv", "pool", "cnorm", "dropout")))
        name = f"layer{number}"
        if kind == "conv":
            padding = 0 if sizing == "same" else data.draw(st.integers(0, kernel - 1))
            layers.append(Conv(name, 2, kernel, stride=stride, padding=padding, sizing=sizing))
        elif kind == "pool":
            layers.append(Pool(name, kernel, max(1, min(stride, kernel)), sizing=sizing))
        else:
            layers.append(MapNorm(name, size=kernel) if kind == "cnorm" else Dropout(name))
    if data.draw(st.booleans()):
        layers.append(GlobalPool("whole"))
    spec = Spec("random", "", "", tuple(layers), channels=1, image_size=23, classes=2)
    try:
        last = report(spec).rows[-1]
    except BadInput:
        return
    side = last.output[1]
    place = data.draw(st.integers(0, side - 1)), data.draw(st.integers(0, side - 1))
    moved = sensitivity(spec, last.name, *place)
    assert rectangle_of(moved) == receptive_field(spec, last.name, *place)


def test_a_window_beyond_the_border_sees_nothing() -> None:
    """23 pixels in steps of 3, rounded up: the ninth window begins at pixel 24."""
    layers: tuple[AnyLayer, ...] = (Conv("conv1", 2, 1, stride=3, sizing="ceil"),)
    spec = Spec("one", "", "", layers, channels=1, image_size=23, classes=2)
    assert receptive_field(spec, "conv1", 0, 8) == receptive_field(spec, "conv1", 8, 0) == Field(0, 0, 0, 0)
    assert receptive_field(spec, "conv1", 7, 7) == Field(21, 21, 22, 22)


def test_in_the_middle_it_is_the_square_of_the_arithmetic() -> None:
    """facts.md, A1: 11, 19, 51, 67, 99, 131, 163 pixels, 195 after the last pooling."""
    spec = catalogue.get("torchvision", image_size=511)
    rows = {row.name: row for row in report(spec).rows}
    for layer, side in (
        ("conv1", 11),
        ("pool1", 19),
        ("conv2", 51),
        ("pool2", 67),
        ("conv3", 99),
        ("conv5", 163),
    ):
        middle = rows[layer].output[1] // 2
        field = receptive_field(spec, layer, middle, middle)
        assert (field.bottom - field.top, field.right - field.left) == (side, side)
        assert rows[layer].receptive_field == side


def test_the_2012_padding_of_three_pixels_at_the_right_and_bottom() -> None:
    """1 + ceil(213 / 4) = 55 windows of 11 over 224 pixels: the last sees 8 of them (layer.py:1004)."""
    spec = catalogue.get("original-145")
    assert receptive_field(spec, "conv1", 54, 54) == Field(216, 216, 224, 224)
    assert receptive_field(spec, "fc8") == Field(0, 0, 224, 224)


def test_a_layer_that_is_not_there() -> None:
    with pytest.raises(BadInput, match="no layer called conv9"):
        receptive_field(catalogue.get("mini"), "conv9")
