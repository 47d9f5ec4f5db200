"""From what a source calls its classes to names that a person can read, with the help of a file of names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import names_file

_SYNSET = re.compile(r"(n\d{8})(?:[\s,:]+(\S.*))?")


def read_names(keys: Sequence[str], path: Path, *, ordered: bool) -> tuple[str, ...]:
    """The name that the file gives each of `keys`.

    A file of synsets ("n01440764 tench, Tinca tinca" a line) names them by their numbers; any other names the
    classes in the order of their labels. Raises `BadInput` ("names_unreadable", "names_twice", "names_few",
    "names_without_order", "names_of_others").
    """
    lines = names_file.read(path)
    words = synset_words(lines)
    return _by_synset(keys, words, path) if words is not None else _by_position(keys, lines, path, ordered)


def synset_words(lines: Sequence[str]) -> dict[str, str] | None:
    """WordNet's words by synset, in the order of `lines`; None when these are not all synsets."""
    matches = [_SYNSET.fullmatch(line) for line in lines]
    found = [match.groups() for match in matches if match is not None]
    if len(found) != len(lines):
        return None
    return {synset: words or synset for synset, words in found}


def is_synset(text: str) -> bool:
    match = _SYNSET.fullmatch(text)
    return match is not None and match[2] is None


def _by_synset(keys: Sequence[str], words: Mapping[str, str], path: Path) -> tuple[str, ...]:
    missing = [key for key in keys if key not in words]
    if missing:
        raise BadInput(
            "names_of_others",
            "{path} has no name for the class {name}. Give the names of these classes.",
            path=str(path),
            name=missing[0],
        )
    # "tench, Tinca tinca": the first word is enough, unless another class has it too ("crane" is two classes).
    chosen = {key: words[key] for key in keys}
    short = {key: name.partition(",")[0].strip() for key, name in chosen.items()}
    often = Counter(short.values())
    names = {key: short[key] if often[short[key]] == 1 else chosen[key] for key in keys}
    often = Counter(names.values())
    return tuple(names[key] if often[names[key]] == 1 else f"{names[key]} ({key})" for key in keys)


def _by_position(keys: Sequence[str], lines: Sequence[str], path: Path, ordered: bool) -> tuple[str, ...]:
    numbers = [int(key) for key in keys if key.isdecimal()]
    if len(numbers) != len(keys):
        if not ordered:
            raise BadInput(
                "names_without_order",
                "{path} names classes by their numbers, and here they have names already ({name}). Leave the "
                "file of names out.",
                path=str(path),
                name=keys[0],
            )
        numbers = list(range(len(keys)))
        if len(lines) != len(keys):
            raise _few(path, len(lines), len(keys))
    if max(numbers, default=0) >= len(lines):
        raise _few(path, len(lines), max(numbers) + 1)
    return tuple(lines[number] for number in numbers)


def _few(path: Path, names: int, classes: int) -> BadInput:
    return BadInput(
        "names_few",
        "{path} has {names} names, and there are {classes} classes. Give one name for each, in their order.",
        path=str(path),
        names=names,
        classes=classes,
    )
