"""The fields of a layer as an editor needs them: which kind of value each takes."""

from __future__ import annotations

import types
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from alexnet_studio.networks.layers import AnyLayer

Kind = Literal["text", "int", "float", "bool", "choice"]


@dataclass(frozen=True, slots=True)
class LayerField:
    """`optional` fields may be empty."""

    name: str
    kind: Kind
    optional: bool
    choices: tuple[str, ...]
    value: object


def layer_fields(layer: AnyLayer) -> tuple[LayerField, ...]:
    """In the order of the model, without the kind, which cannot be changed."""
    hints = _hints(type(layer))
    return tuple(
        _field(one.name, hints[one.name], getattr(layer, one.name))
        for one in fields(layer)
        if one.name != "kind"
    )


@lru_cache(maxsize=16)
def _hints(kind: type) -> dict[str, Any]:
    """Evaluating the annotations takes a millisecond, and an editor asks at each key."""
    return get_type_hints(kind)


def _field(name: str, annotation: Any, value: object) -> LayerField:
    bare = _bare(annotation)
    optional = get_origin(bare) in {Union, types.UnionType}
    if optional:
        bare = _bare(next(part for part in get_args(bare) if part is not types.NoneType))
    choices = tuple(str(choice) for choice in get_args(bare)) if get_origin(bare) is Literal else ()
    kinds: dict[object, Kind] = {int: "int", float: "float", bool: "bool", str: "text"}
    return LayerField(name, "choice" if choices else kinds[bare], optional, choices, value)


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation
