"""The recipe's fields as a form needs them, read from the model: kind, choices, range, default, explanation."""

from __future__ import annotations

import types
from dataclasses import dataclass
from typing import Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from alexnet_studio.training.recipe import Recipe

Kind = Literal["int", "float", "bool", "choice", "text"]


@dataclass(frozen=True, slots=True)
class RecipeField:
    """`optional` fields may be empty; `choices` belong to the kind "choice"; `limits` is "> 0, ≤ 10"."""

    name: str
    kind: Kind
    optional: bool
    choices: tuple[str, ...]
    limits: str
    default: object
    explanation: str

    def parsed(self, text: str) -> object:
        """What was typed, as the recipe takes it; what is no number stays text, and the recipe says what is wrong."""
        text = text.strip()
        if not text and self.optional:
            return None
        try:
            return int(text) if self.kind == "int" else float(text) if self.kind == "float" else text
        except ValueError:
            return text


def recipe_fields() -> tuple[RecipeField, ...]:
    """In the order of the model."""
    return tuple(_field(name, info) for name, info in Recipe.model_fields.items())


def text_of(value: object) -> str:
    """A value as it stands in its field: short, with a point, empty for None."""
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _field(name: str, info: FieldInfo) -> RecipeField:
    annotation: object = info.annotation
    optional = get_origin(annotation) in {Union, types.UnionType}
    if optional:
        annotation = next(part for part in get_args(annotation) if part is not types.NoneType)
    choices = (
        tuple(str(choice) for choice in get_args(annotation)) if get_origin(annotation) is Literal else ()
    )
    kinds: dict[object, Kind] = {int: "int", float: "float", bool: "bool", str: "text"}
    kind: Kind = "choice" if choices else kinds[annotation]
    return RecipeField(name, kind, optional, choices, _limits(info), info.default, info.description or "")


def _limits(info: FieldInfo) -> str:
    signs = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
    parts: list[str] = []
    for limit in info.metadata:
        for name, sign in signs.items():
            bound = getattr(limit, name, None)
            if bound is not None:
                parts.append(f"{sign} {text_of(float(bound)) if bound < 1e6 else bound}")
    return ", ".join(parts)
