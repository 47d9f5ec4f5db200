"""What tells two networks apart, in the words of the people who ask."""

from __future__ import annotations

from itertools import product

import pytest

from alexnet_studio.networks import catalogue
from alexnet_studio.networks.differences import ABSENT, differences


def told(left: str, right: str) -> dict[tuple[str, str], tuple[str, str]]:
    found = differences(catalogue.get(left), catalogue.get(right))
    return {(row.layer, row.aspect): (row.left, row.right) for row in found}


def test_the_paper_and_the_code_that_made_its_numbers() -> None:
    found = told("paper", "original-145")
    assert found["rnorm1", "place"] == ("after conv1's ReLU", "before conv1's activation")
    assert found["rnorm1", "formula"][1] == "n = 5, α = 0.0001 / 5, β = 0.75, k = 2"
    assert found["cnorm2", "layer"][0] == ABSENT
    assert found["conv1", "padding"] == ("2", "0 before, 3 after: the last window is kept")
    assert found["conv3", "first weights"] == ("normal, deviation 0.01", "normal, deviation 0.03")
    assert found["fc6", "biases learn"] == ("at the recipe's rate", "at 2 times the recipe's rate")
    # The parameters, the shapes and the first biases are the same.
    assert not {aspect for _, aspect in found} & {"parameters", "output", "first bias", "kernels", "neurons"}


def test_towers_and_one_tower() -> None:
    found = told("paper", "one-tower")
    assert found["conv3", "sees"] == ("both towers", "everything")
    assert found["conv4", "sees"] == ("its own tower", "everything")
    assert found["drop6", "place"] == ("after fc6", "after pool5")
    assert found["rnorm1", "layer"][1] == ABSENT


def test_caffe_normalises_across_the_towers() -> None:
    assert told("paper", "caffe")["rnorm1", "sees"] == ("its own tower", "all channels")


@pytest.mark.parametrize("name", catalogue.names())
def test_a_network_is_not_different_from_itself(name: str) -> None:
    assert differences(catalogue.get(name), catalogue.get(name)) == ()


@pytest.mark.parametrize(("left", "right"), list(product(catalogue.names(), repeat=2)))
def test_the_other_way_round_the_sides_change_places(left: str, right: str) -> None:
    forward, back = told(left, right), told(right, left)
    # Layers of different names stand beside each other as "fc6 / fc2048", the other way round as "fc2048 / fc6".
    assert sorted((aspect, *sorted(layer.split(" / "))) for layer, aspect in forward) == sorted(
        (aspect, *sorted(layer.split(" / "))) for layer, aspect in back
    )
    for key in forward.keys() & back.keys():
        if key[1] != "place":
            assert back[key] == forward[key][::-1]
