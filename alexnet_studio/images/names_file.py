"""Readable class names from a file and into one, in the order of a network's outputs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from alexnet_studio.ground import files
from alexnet_studio.ground.errors import BadInput

INDICES = "class_indices.json"  # beside class folders: the numbers that their classes have elsewhere
_LARGEST_BYTES = 16 << 20


def read(path: Path) -> tuple[str, ...]:
    """One name a line; or JSON: a list, or `class_indices.json` with the number of each name, either way round.

    Raises `BadInput` ("names_unreadable", "names_twice").
    """
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise ValueError("it is too large")  # noqa: TRY301 - said like every other way to be wrong
        text = path.read_text(encoding="utf-8-sig")
        names = _of_json(json.loads(text)) if text.lstrip()[:1] in {"[", "{"} else _of_lines(text)
    except (OSError, ValueError, TypeError, RecursionError) as error:
        reason = (
            error.strerror if isinstance(error, OSError) and error.strerror else "it holds no class names"
        )
        raise BadInput(
            "names_unreadable",
            "{path} cannot be read as class names: {reason}. Give a text file with one name a line, or "
            "class_indices.json.",
            path=str(path),
            reason=reason,
        ) from error
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if twice:
        raise BadInput(
            "names_twice",
            "{path} names {name} more than once. Give each class a name of its own.",
            path=str(path),
            name=twice[0],
        )
    return names


def write_indices(path: Path, names: Sequence[str]) -> None:
    """`names` as class_indices.json, the number of each first: {"0": "daisy", ...}.

    Raises `Failed` ("disk_full", "not_writable").
    """
    files.write_json(path, {str(number): name for number, name in enumerate(names)})


def _of_lines(text: str) -> tuple[str, ...]:
    names = tuple(line.strip() for line in text.splitlines() if line.strip())
    if not names:
        raise ValueError("empty")
    return names


def _of_json(document: object) -> tuple[str, ...]:
    if isinstance(document, list):
        listed = cast("list[object]", document)
        if not listed or not all(isinstance(name, str) for name in listed):
            raise TypeError("not names")
        return tuple(str(name) for name in listed)
    pairs = list(cast("dict[str, object]", document).items())
    if all(isinstance(value, int) for _, value in pairs):
        numbered = {int(cast("int", value)): name for name, value in pairs}
    else:
        numbered = {int(number): _name(value) for number, value in pairs}
    if sorted(numbered) != list(range(len(pairs))):
        raise ValueError("numbers are missing")
    return tuple(numbered[number] for number in range(len(pairs)))


def _name(value: object) -> str:
    """Keras' imagenet_class_index.json has ["n01440764", "tench"] where others have a name."""
    return (
        " ".join(str(part) for part in cast("list[object]", value)) if isinstance(value, list) else str(value)
    )
