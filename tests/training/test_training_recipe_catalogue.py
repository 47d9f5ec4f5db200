"""Named recipes: each can be used, and says the numbers of its source."""

from __future__ import annotations

import pytest

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue
from alexnet_studio.training import recipe_catalogue
from alexnet_studio.training.schedule import Plateau, learning_rate


@pytest.mark.parametrize("name", recipe_catalogue.names())
def test_each_is_a_recipe_for_a_network_that_there_is(name: str) -> None:
    named = recipe_catalogue.get(name)
    spec = catalogue.get(named.network)
    recipe = named.recipe()
    assert recipe.resize_to is None or recipe.resize_to >= spec.image_size
    assert all(getattr(recipe, field) == value for field, value in named.values.items())
    assert named.title and named.source and named.notes


def test_the_paper_section_5() -> None:
    recipe = recipe_catalogue.get("paper").recipe()
    numbers = (
        recipe.lr,
        recipe.momentum,
        recipe.weight_decay,
        recipe.batch_size,
        recipe.epochs,
        recipe.colour_pca,
    )
    assert numbers == (0.01, 0.9, 0.0005, 128, 90, 0.1) and recipe.optimizer == "sgd"


def test_the_last_rate_of_2012_is_a_thousandth() -> None:
    recipe = recipe_catalogue.get("2012").recipe()
    assert learning_rate(recipe, 89, 90, Plateau()) == pytest.approx(1e-5)


def test_another_name_is_refused_with_the_names() -> None:
    with pytest.raises(BadInput, match="paper, 2012, 2012-dexp"):
        recipe_catalogue.get("none")
