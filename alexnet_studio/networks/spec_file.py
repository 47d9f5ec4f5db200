"""Specs as JSON: what a run keeps of its network, and what a person writes to try one of their own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks import catalogue, convnet_cfg
from alexnet_studio.networks.layers import KINDS
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.variant import variant


def to_json(spec: Spec) -> dict[str, Any]:
    """The document of `spec`, from which `from_json` makes the same spec again."""
    document: dict[str, Any] = TypeAdapter(Spec).dump_python(spec, mode="json")
    return document


def from_json(document: object, where: str) -> Spec:
    """The spec in `document`. Raises `BadInput` ("spec_field") naming `where` it was found and the field."""
    try:
        return TypeAdapter(Spec).validate_python(document)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise BadInput(
            "spec_field",
            "The network in {where} cannot be used: {field}: {reason}. Correct it and try again.",
            where=where,
            field=_field(first["loc"]),
            reason=first["msg"],
        ) from error


def read(path: Path) -> Spec:
    """The spec in a file. Raises `BadInput` ("spec_unreadable", "spec_field")."""
    try:
        document: object = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise BadInput(
            "spec_unreadable",
            "{path} is not a network's file ({reason}). Give a JSON file with a network in it.",
            path=str(path),
            reason=_reason(error),
        ) from error
    return from_json(document, str(path))


def resolve(
    text: str,
    *,
    classes: int | None = None,
    image_size: int | None = None,
    channels: int | None = None,
    width: float = 1.0,
    params: Path | None = None,
) -> Spec:
    """The network of that name in the catalogue or in the file of that path, changed as `variant` does.

    The file is a spec, or a layers file of 2012 (`.cfg`) whose layer-params file is `params`. Raises `BadInput`
    ("unknown_network", "params_without_cfg", and what `read`, `convnet_cfg.read` and `variant` raise).
    """
    if text.endswith(".cfg"):
        given = convnet_cfg.read(Path(text), params).spec
        return variant(given, classes=classes, image_size=image_size, channels=channels, width=width)
    if params is not None:
        raise BadInput(
            "params_without_cfg",
            "{network} is no .cfg file, so it has no layer-params file. Leave --params out.",
            network=text,
        )
    # The catalogue first: a folder that happens to be called "paper" must not hide the network.
    if text not in catalogue.names() and _is_path(text):
        return variant(
            read(Path(text)), classes=classes, image_size=image_size, channels=channels, width=width
        )
    return catalogue.get(text, classes=classes, image_size=image_size, channels=channels, width=width)


def _is_path(text: str) -> bool:
    return text.endswith(".json") or Path(text).name != text or Path(text).is_file()


def _field(location: tuple[int | str, ...]) -> str:
    """("layers", 2, "conv", "filters") as "layers[2].filters"."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in location if part not in KINDS]
    return "".join(parts).lstrip(".") or "the whole of it"


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return "it holds no JSON"
