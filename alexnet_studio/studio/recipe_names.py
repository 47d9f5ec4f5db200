"""Recipes by name: which one is on the screen, and what each of them puts into the form."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from alexnet_studio.studio.state.setup import RecipeChoice, Setup

if TYPE_CHECKING:
    from alexnet_studio.studio.setup_building import Values
    from alexnet_studio.training.recipe_catalogue import NamedRecipe

PROPOSED, OWN = "(proposed)", "(own)"  # no recipe can be called so

# Of the folder and of this computer, whichever recipe is chosen.
_KEPT = frozenset(
    {"device", "precision", "workers", "store", "seed"}
    | {"val_fraction", "group_by", "groups", "folds", "fold"}
)


def name_of(setup: Setup) -> str:
    """`PROPOSED`, a name of the catalogue, or `OWN` once something was changed."""
    if setup.plan is None:
        proposal = setup.proposal
        if proposal is not None and _same(proposal, setup.network, setup.values):
            return PROPOSED
        return _catalogued(setup.network, setup.values)
    return OWN


@lru_cache(maxsize=1)
def choices() -> tuple[tuple[str, str], ...]:
    """The catalogue: name, title."""
    from alexnet_studio.training import recipe_catalogue

    return tuple((one.name, one.title) for one in recipe_catalogue.everyone())


def named(name: str) -> NamedRecipe | None:
    from alexnet_studio.training import recipe_catalogue

    return recipe_catalogue.get(name) if name in recipe_catalogue.names() else None


def values_of(recipe: NamedRecipe, present: Values) -> Values:
    """All fields of the recipe, with what belongs to folder and computer as it is."""
    kept = {name: value for name, value in present if name in _KEPT}
    return tuple({**recipe.recipe().model_dump(), **kept}.items())


@lru_cache(maxsize=64)
def _catalogued(network: str, values: Values) -> str:
    from alexnet_studio.training import recipe_catalogue

    for one in recipe_catalogue.everyone():
        if _same(RecipeChoice(one.network, values_of(one, values)), network, values):
            return one.name
    return OWN


def _same(choice: RecipeChoice, network: str, values: Values) -> bool:
    return choice.network == network and _told_apart(choice.values) == _told_apart(values)


def _told_apart(values: Values) -> dict[str, object]:
    return {name: value for name, value in values if name not in _KEPT}
