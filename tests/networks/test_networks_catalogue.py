"""The networks that come with the product, and their variants."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.layers import Conv, Dense, Pool, ResponseNorm
from alexnet_studio.networks.spec import classifier, first_conv, hidden_layer
from alexnet_studio.networks.variant import variant

PAPER_LAYERS = [
    *("conv1", "rnorm1", "pool1", "conv2", "rnorm2", "pool2", "conv3", "conv4", "conv5", "pool5"),
    *("fc6", "drop6", "fc7", "drop7", "fc8"),
]


def test_the_catalogue_is_the_whole_family() -> None:
    assert catalogue.names() == (
        *("paper", "original-145", "one-gpu-145-half", "paper-conv6", "caffe"),
        *("one-tower", "torchvision", "fashion", "half-tower", "tf-lrn", "tf-slim-v2"),
        *("cifar-4layer", "lenet", "mini"),
    )


@pytest.mark.parametrize("name", catalogue.names())
def test_every_entry_says_what_it_is_and_where_it_comes_from(name: str) -> None:
    spec = catalogue.get(name)
    assert spec.name == name
    assert spec.title
    assert spec.source
    assert spec.notes


@pytest.mark.parametrize("name", ["paper", "mini"])
def test_the_two_tower_networks_keep_the_papers_plan(name: str) -> None:
    spec = catalogue.get(name)
    assert [layer.name for layer in spec.layers] == PAPER_LAYERS
    assert spec.towers == 2
    groups = {layer.name: layer.groups for layer in spec.layers if isinstance(layer, Conv)}
    assert groups == {"conv1": 1, "conv2": 2, "conv3": 1, "conv4": 2, "conv5": 2}
    assert all(layer.kernel > layer.stride for layer in spec.layers if isinstance(layer, Pool))


def test_the_papers_alpha_is_as_printed() -> None:
    norms = [layer for layer in catalogue.get("paper").layers if isinstance(layer, ResponseNorm)]
    assert [(n.size, n.alpha, n.beta, n.k, n.divide_by_size) for n in norms] == [
        (5, 1e-4, 0.75, 2.0, False)
    ] * 2


@pytest.mark.parametrize("name", catalogue.names())
def test_conv1_sees_the_image_and_the_classifier_sees_the_features(name: str) -> None:
    spec = catalogue.get(name)
    assert first_conv(spec).name == "conv1"
    others = {"tf-lrn": "pool5", "tf-slim-v2": "global_pool", "cifar-4layer": "pool3", "lenet": "fc4"}
    assert hidden_layer(spec) == others.get(name, "fc7")
    assert (classifier(spec) is None) == (name == "tf-lrn")


@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize("width", [0.01, 0.25, 0.37, 1.5])
def test_width_scales_all_but_the_classifier_and_keeps_the_towers_even(name: str, width: float) -> None:
    spec = catalogue.get(name, width=width, classes=7)
    for narrow, wide in zip(spec.layers, catalogue.get(name).layers, strict=True):
        if isinstance(narrow, Conv) and isinstance(wide, Conv) and wide.filters is not None:
            assert narrow.filters is not None
            assert narrow.filters % spec.towers == 0
            assert abs(narrow.filters - wide.filters * width) <= spec.towers
        if isinstance(narrow, Dense) and isinstance(wide, Dense) and wide.neurons is not None:
            assert narrow.neurons is not None
            assert abs(narrow.neurons - wide.neurons * width) <= spec.towers
    if classifier(spec):
        assert math.prod(report(spec).rows[-1].output) == 7


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(BadInput) as error:
        catalogue.get("alexnet")
    assert error.value.code == "unknown_network"
    assert all(name in error.value.sentence for name in ("alexnet", *catalogue.names()))


@pytest.mark.parametrize("value", [0, -1, 10**12])
def test_an_impossible_argument_is_named(value: int) -> None:
    spec = catalogue.get("mini")
    for argument, attempt in {
        "classes": lambda: variant(spec, classes=value),
        "image_size": lambda: variant(spec, image_size=value),
        "channels": lambda: variant(spec, channels=value),
        "width": lambda: variant(spec, width=value),
    }.items():
        with pytest.raises(BadInput) as error:
            attempt()
        assert error.value.code == "network_argument"
        assert argument in error.value.sentence


def test_a_width_that_is_no_number_is_refused() -> None:
    with pytest.raises(BadInput, match="width"):
        catalogue.get("mini", width=float("nan"))


def test_a_width_that_makes_millions_of_filters_is_refused() -> None:
    huge = replace(catalogue.get("mini"), layers=(Conv("conv1", 500_000, 3),))
    with pytest.raises(BadInput, match="width"):
        variant(huge, width=900.0)


def test_a_network_without_layers_is_told_what_it_lacks() -> None:
    empty = replace(catalogue.get("mini"), layers=())
    with pytest.raises(BadInput, match="no convolution"):
        first_conv(empty)
    with pytest.raises(BadInput, match="no hidden"):
        hidden_layer(empty)
