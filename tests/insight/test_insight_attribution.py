"""Occlusion beside a loop, gradients beside finite differences, guided backpropagation beside a network by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from alexnet_studio.ground import device
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.normalise import normalised
from alexnet_studio.insight import heat
from alexnet_studio.insight.activations import Pixels, activations
from alexnet_studio.insight.attribution import (
    METHODS,
    Attribution,
    Method,
    explain,
    gradient,
    guided,
    label_of,
    occlusion,
)
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.networks.build import build
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense, Pool, ResponseNorm
from alexnet_studio.networks.spec import Spec

SIZE = 12
LAYERS = (
    Conv("conv1", 6, 3, padding=1),
    ResponseNorm("rnorm1", 3),
    Pool("pool1", 3, 2),
    Conv("conv2", 8, 3),
    Dense("fc3", 10),
    Dense("fc4", None, activation="none"),
)


def asked(layers: tuple[AnyLayer, ...] = LAYERS, *, seed: int = 4, double: bool = False) -> LoadedRun:
    spec = Spec("small", "", "", layers, image_size=SIZE, classes=3)
    record = InputRecord(resize_to=14, size=SIZE, mean=(0.5,) * 3, std=(0.25,) * 3)
    network = build(spec, seed=seed).eval()
    network.requires_grad_(requires_grad=False)
    if double:
        network.double()
    return LoadedRun(network, record, ("a", "b", "c"), spec, "id", 1, 1, device.resolve("cpu", "float32"))


@pytest.fixture
def view() -> Pixels:
    return np.random.default_rng(0).integers(0, 255, (SIZE, SIZE, 3), dtype=np.uint8)


def answer(loaded: LoadedRun, view: Pixels, method: Method, label: int | None = None) -> Attribution:
    *_, last = explain(loaded, view, method, label)
    assert isinstance(last, Attribution)
    return last


def probability(loaded: LoadedRun, x: torch.Tensor, label: int) -> float:
    return float(torch.softmax(loaded.network(x).double(), 1)[0, label])


@pytest.mark.parametrize(("window", "stride"), [(3, 2), (5, 5), (12, 1), (1, 1), (4, 9)])
def test_occlusion_equals_a_loop(view: Pixels, window: int, stride: int) -> None:
    loaded = asked()
    x = normalised(view[None], loaded.record)
    whole = probability(loaded, x, 1)
    starts = sorted({*range(0, SIZE - window + 1, min(stride, window)), SIZE - window})
    sums: dict[tuple[int, int], list[float]] = {}
    for top in starts:
        for left in starts:
            covered = x.clone()
            covered[0, :, top : top + window, left : left + window] = 0
            loss = whole - probability(loaded, covered, 1)
            for row in range(top, top + window):
                for column in range(left, left + window):
                    sums.setdefault((row, column), []).append(loss)
    found = finished(loaded, x, window, stride)
    wanted = [[float(np.mean(sums[row, column])) for column in range(SIZE)] for row in range(SIZE)]
    np.testing.assert_allclose(found, wanted, atol=1e-6)


def finished(loaded: LoadedRun, x: torch.Tensor, window: int, stride: int) -> NDArray[np.float32]:
    job = occlusion(loaded, x, 1, window, stride)
    while True:
        try:
            next(job)
        except StopIteration as end:
            value: NDArray[np.float32] = end.value
            return value


def test_gradient_times_input_equals_finite_differences(view: Pixels) -> None:
    loaded = asked(double=True)
    x = normalised(view[None], loaded.record).double()
    found = (gradient(loaded, x, 2) * x)[0].sum(0).numpy()
    dice = np.random.default_rng(1)
    for row, column in dice.integers(0, SIZE, (25, 2)):
        total = 0.0
        for channel in range(3):
            step = torch.zeros_like(x)
            step[0, channel, row, column] = 1e-7
            rise = loaded.network(x + step)[0, 2] - loaded.network(x - step)[0, 2]
            total += float(rise) / 2e-7 * float(x[0, channel, row, column])
        assert found[row, column] == pytest.approx(total, rel=1e-4, abs=1e-7)


def test_without_a_bias_gradient_times_input_adds_up_to_the_logit(view: Pixels) -> None:
    """Of a network of ReLUs whose biases are zero (Ancona et al. 2018)."""
    loaded = asked(tuple(layer for layer in LAYERS if layer.kind != "rnorm"))
    for name, weight in loaded.network.named_parameters():
        if name.endswith("bias"):
            weight.zero_()
    found = answer(loaded, view, "gradient", 1)
    logit = loaded.network(normalised(view[None], loaded.record))[0, 1]
    assert float(found.values.sum()) == pytest.approx(float(logit), rel=1e-4)


def test_guided_backpropagation_equals_a_network_by_hand(view: Pixels) -> None:
    """Two fully connected layers and a ReLU each, in numpy: R = (f > 0) (R > 0) R at every ReLU."""
    loaded = asked((Dense("fc1", 20), Dense("fc2", 15), Dense("fc3", None, activation="none")))
    x = normalised(view[None], loaded.record)
    weights = [loaded.network.get_parameter(f"fc{n}.weight").double().numpy() for n in (1, 2, 3)]
    biases = [loaded.network.get_parameter(f"fc{n}.bias").double().numpy() for n in (1, 2, 3)]
    first = weights[0] @ x.double().flatten().numpy() + biases[0]
    second = weights[1] @ np.maximum(first, 0) + biases[1]
    back = weights[2][1]
    back = (second > 0) * (back > 0) * back
    back = weights[1].T @ back
    back = (first > 0) * (back > 0) * back
    by_hand = (weights[0].T @ back).reshape(3, SIZE, SIZE)
    np.testing.assert_allclose(guided(loaded, x, 1)[0].numpy(), by_hand, atol=1e-6)
    assert np.abs(gradient(loaded, x, 1)[0].numpy() - by_hand).max() > 1e-4


def test_a_gradient_of_blue_first_is_shown_red_first(view: Pixels) -> None:
    loaded = asked()
    turned = replace(loaded, record=loaded.record.model_copy(update={"order": "BGR"}))
    x = normalised(view[None], turned.record)
    found = answer(turned, view, "guided", 1).values
    np.testing.assert_array_equal(found[..., 0], guided(turned, x, 1)[0, 2].numpy())


@pytest.mark.parametrize("method", METHODS)
def test_the_most_probable_class_is_explained_where_none_is_named(view: Pixels, method: Method) -> None:
    loaded = asked()
    best, share = activations(loaded, view).top[0]
    found = answer(loaded, view, method)
    assert loaded.classes[found.label] == best
    assert found.probability == pytest.approx(share, abs=1e-6)
    assert found.values.shape == ((SIZE, SIZE, 3) if method == "guided" else (SIZE, SIZE))
    assert np.isfinite(found.values).all()


def test_the_network_is_left_as_it_was(view: Pixels) -> None:
    loaded = asked()
    before = activations(loaded, view)
    for method in METHODS:
        answer(loaded, view, method)
    after = activations(loaded, view)
    for one, other in zip(before.layers, after.layers, strict=True):
        np.testing.assert_array_equal(one.values, other.values)
    assert not any(weight.requires_grad for weight in loaded.network.parameters())


def test_a_network_without_relus_has_nothing_to_guide(view: Pixels) -> None:
    loaded = asked((Conv("conv1", 4, 3, activation="tanh"), Dense("fc2", None, activation="none")))
    assert np.isfinite(answer(loaded, view, "gradient").values).all()
    with pytest.raises(BadInput, match="has none"):
        answer(loaded, view, "guided")


def test_a_network_of_features_has_no_classes(view: Pixels) -> None:
    loaded = asked(LAYERS[:-1])
    with pytest.raises(BadInput, match="ends with features"):
        answer(loaded, view, "gradient")


def test_what_speaks_for_a_class_is_orange_and_what_speaks_against_it_blue() -> None:
    view = np.full((2, 2, 3), 90, np.uint8)
    values = np.array([[1, -1], [0, 0]], np.float32)
    picture = heat.shown(view, values).astype(int)
    assert picture[0, 0, 0] > 150 > 60 > picture[0, 0, 2]
    assert picture[0, 1, 2] > 150 > 60 > picture[0, 1, 0]
    assert len(set(picture[1].ravel())) == 1
    assert (heat.shown(view, np.zeros((2, 2), np.float32)) == picture[1, 1, 0]).all()
    assert heat.shown(view, np.array([[[2.0], [-2.0]], [[0], [0]]], np.float32)).ravel().tolist() == [
        255,
        0,
        128,
        128,
    ]


def test_a_class_that_the_run_does_not_know() -> None:
    loaded = asked()
    assert label_of(loaded, "b") == 1
    with pytest.raises(BadInput, match="no class zebra"):
        label_of(loaded, "zebra")
    many = replace(loaded, classes=tuple(map(str, range(1000))))
    with pytest.raises(BadInput, match="0, 1, 2, 3, 4, 5, 6, 7 …"):
        label_of(many, "zebra")
