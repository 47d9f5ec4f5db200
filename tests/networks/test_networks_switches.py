"""Each switch on each network of the catalogue gives a network that torch builds as the report says."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.build import Network
from alexnet_studio.networks.layers import (
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    MapNorm,
    Pool,
    ResponseNorm,
    activation_of,
    is_classifier,
)
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.switches import Switches, switched, wired
from alexnet_studio.networks.windows import smallest_image

SWITCHES = [
    Switches(activation="tanh"),
    Switches(response_norm="none"),
    Switches(response_norm="after"),
    Switches(response_norm="before"),
    Switches(batch_norm=True),
    Switches(batch_norm=False),
    Switches(pooling="plain"),
    Switches(pooling="average"),
    Switches(dropout=0.0),
    Switches(dropout=0.3),
    Switches(towers=False),
    Switches(towers=True),
    Switches(initialisation="xavier"),
    Switches("sigmoid", "before", True, "average", 0.2, False, initialisation="he"),
]


def of(kind: type, spec: Spec) -> list[str]:
    return [layer.name for layer in spec.layers if isinstance(layer, kind)]


@pytest.mark.parametrize("name", catalogue.names())
@pytest.mark.parametrize("switches", SWITCHES, ids=str)
def test_what_comes_out_can_be_built_and_counted(name: str, switches: Switches) -> None:
    spec = switched(catalogue.get(name, classes=3), switches)
    spec = replace(spec, image_size=max(smallest_image(spec), 32))
    with torch.device("meta"):
        network = Network(spec)
        network.eval()
        out = network.activation(
            torch.zeros(2, spec.channels, spec.image_size, spec.image_size), spec.layers[-1].name
        )
    result = report(spec)
    assert tuple(out.shape[1:]) == result.rows[-1].output
    assert sum(p.numel() for p in network.parameters()) == result.totals.params


def test_activations_change_where_there_are_any() -> None:
    spec = switched(catalogue.get("original-145"), Switches(activation="tanh"))
    assert [layer.name for layer in spec.layers if activation_of(layer) == "tanh"] == [
        *("pool1", "conv2", "conv3", "conv4", "pool5", "fc6", "fc7")
    ]


def test_normalisation_before_and_after_the_activation() -> None:
    before = switched(catalogue.get("paper"), Switches(response_norm="before"))
    conv1, rnorm1, pool1 = before.layers[:3]
    assert [activation_of(layer) for layer in (conv1, rnorm1, pool1)] == ["none", "relu", "none"]
    after = switched(catalogue.get("original-145"), Switches(response_norm="after"))
    assert [(layer.name, activation_of(layer)) for layer in after.layers[:3]] == [
        ("conv1", "relu"),
        ("rnorm1", "none"),
        ("pool1", "none"),
    ]
    assert of(MapNorm, after) == []
    assert of(ResponseNorm, switched(catalogue.get("torchvision"), Switches(response_norm="after"))) == [
        "rnorm1",
        "rnorm2",
    ]
    assert switched(
        switched(catalogue.get("paper"), Switches(response_norm="before")), Switches(response_norm="after")
    ) == catalogue.get("paper")


def test_batch_normalisation_comes_between_and_goes_again() -> None:
    plain = catalogue.get("paper")
    with_it = switched(plain, Switches(batch_norm=True))
    assert of(BatchNorm, with_it) == [
        f"{name}_norm" for name in ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6", "fc7")
    ]
    assert all(activation_of(layer) == "none" for layer in with_it.layers if isinstance(layer, Conv | Dense))
    assert switched(with_it, Switches(batch_norm=True)) == with_it
    assert switched(with_it, Switches(batch_norm=False)) == plain


def test_pooling_of_section_3_4() -> None:
    plain = switched(catalogue.get("paper"), Switches(pooling="plain"))
    assert {(layer.kernel, layer.stride) for layer in plain.layers if isinstance(layer, Pool)} == {(2, 2)}
    assert switched(plain, Switches(pooling="overlapping")) == catalogue.get("paper")


def test_dropout_is_taken_out_and_put_where_it_belongs() -> None:
    without = switched(catalogue.get("paper"), Switches(dropout=0.0))
    assert of(Dropout, without) == []
    back = switched(without, Switches(dropout=0.3))
    assert [layer.name for layer in back.layers[-5:]] == ["fc6", "fc6_drop", "fc7", "fc7_drop", "fc8"]


@pytest.mark.parametrize(
    ("crossing", "seeing_both"),
    [
        (frozenset[str](), set[str]()),
        (frozenset({"conv3"}), {"conv3"}),
        (frozenset({"conv3", "fc6", "fc7"}), {"conv3", "fc6", "fc7"}),
        (None, {"conv2", "conv3", "conv4", "conv5", "fc6", "fc7"}),
    ],
)
def test_the_wiring_of_the_towers(crossing: frozenset[str] | None, seeing_both: set[str]) -> None:
    spec = wired(catalogue.get("paper"), crossing)
    report(spec)
    inner = [
        layer for layer in spec.layers[1:] if isinstance(layer, Conv | Dense) and not is_classifier(layer)
    ]
    assert {layer.name for layer in inner if layer.groups == 1} == seeing_both
    assert is_classifier(spec.layers[-1])


def test_the_papers_own_wiring_is_the_paper() -> None:
    assert wired(catalogue.get("paper"), frozenset({"conv3", "fc6", "fc7"})) == catalogue.get("paper")
