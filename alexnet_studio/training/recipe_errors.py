"""What is wrong with a recipe's fields, in the words of a person: a sentence for each, made of its range."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from alexnet_studio.ground.device import CHOICES
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.training.recipe import Recipe


def validated(**values: object) -> Recipe:
    """Raises `BadInput` ("recipe_field") for the first field that is wrong."""
    try:
        return Recipe.model_validate(values)
    except ValidationError as error:
        raise bad_field(error) from None


def field_errors(values: dict[str, object]) -> dict[str, str]:
    """The sentence at each field of the form that is wrong; nothing when the recipe can be used."""
    try:
        Recipe.model_validate(values)
    except ValidationError as error:
        found = [_Problem(one) for one in error.errors(include_url=False)]
        return {problem.field: problem.sentence for problem in reversed(found)}
    return {}


def bad_field(error: ValidationError) -> BadInput:
    """What is wrong with the first wrong field, in a sentence."""
    problem = _Problem(error.errors(include_url=False)[0])
    return BadInput(
        "recipe_field",
        "{label} {reason}.",
        field=problem.field,
        label=problem.label,
        reason=problem.reason,
    )


class _Problem:
    """One of pydantic's errors in the words of a person."""

    def __init__(self, error: Any) -> None:
        # What is wrong with two fields together stands at the second of them.
        self.field = str(error["loc"][0]) if error["loc"] else str(error["type"])
        self.label = _LABELS.get(self.field, self.field.replace("_", " ").capitalize())
        self.reason = self._reason(error["type"], error.get("ctx", {}), error.get("input"))

    @property
    def sentence(self) -> str:
        return f"{self.label} {self.reason}."

    def _reason(self, kind: str, bounds: dict[str, Any], given: object) -> str:
        if kind == "extra_forbidden":
            return "is not a part of the recipe; remove it"
        if kind == "pattern":
            return f"must be a regular expression, such as ^(\\d+-\\d+)- ({bounds['why']}); you gave {given}"
        if kind == "folds":
            return f"must be 0 or at least 2; you gave {given}"
        if kind == "groups":
            return "and group by both say what belongs together; leave one of them out"
        if kind == "fold":
            return "must be at most the number of folds"
        shown = "nothing" if given is None or given == "" else given
        return f"must be {_wanted(kind, bounds)}; you gave {shown}"


def _wanted(kind: str, bounds: dict[str, Any]) -> str:
    for name, words in _BOUNDS.items():
        if kind == name:
            return f"{words} {next(iter(bounds.values())):g}"
    if kind == "string_pattern_mismatch":
        return CHOICES  # the device is the only text among the fields
    if kind == "literal_error":
        return f"{bounds['expected']}".replace("'", "")
    if kind.startswith("int"):
        return "a whole number"
    if kind.startswith("bool"):
        return "yes or no"
    return "a number"


_BOUNDS = {
    "greater_than": "larger than",
    "greater_than_equal": "at least",
    "less_than": "smaller than",
    "less_than_equal": "at most",
}
_LABELS = {
    "lr": "Learning rate",
    "clip": "Gradient clipping",
    "colour_pca": "Colour noise",
    "as_2012": "As in 2012",
    "val_fraction": "Share to validate with",
}
