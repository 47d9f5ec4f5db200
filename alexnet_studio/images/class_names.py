"""Class names: their order, how the splits' names are matched, and names easily taken for one another."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from alexnet_studio.ground.errors import BadInput

_SHOWN = 5


def labels(training: Iterable[str]) -> dict[str, int]:
    """The label of each class name: plainly sorted, as torchvision's ImageFolder does."""
    return {name: label for label, name in enumerate(sorted(set(training)))}


def matched(name: str, label_of: Mapping[str, int]) -> str | None:
    """The training class that a folder of another split names.

    macOS writes "é" as two characters where others write one: such a name matches if only one class reads so.
    """
    if name in label_of:
        return name
    alike = [known for known in label_of if _composed(known) == _composed(name)]
    return alike[0] if len(alike) == 1 else None


def known_labels(names: Iterable[str], label_of: Mapping[str, int]) -> dict[str, int]:
    """The label of every name that matches a training class."""
    pairs = ((name, matched(name, label_of)) for name in names)
    return {name: label_of[known] for name, known in pairs if known is not None}


def require_same(folder: str, found: Iterable[str], label_of: Mapping[str, int]) -> None:
    """Raises `BadInput` ("classes_differ") with both differences when a class of `folder` is unknown."""
    names = set(found)
    unknown = sorted(name for name in names if matched(name, label_of) is None)
    if not unknown:
        return
    missing = sorted(set(label_of) - {matched(name, label_of) for name in names})
    raise BadInput(
        "classes_differ",
        "{folder}/ has classes that train/ has not ({unknown}); train/ has classes that {folder}/ has not "
        "({missing}). Give the same class the same folder name in both.",
        folder=folder,
        unknown=few(unknown),
        missing=few(missing) or "none",
    )


def few(names: Iterable[str]) -> str:
    """The first names of a list that may be long."""
    every = list(names)
    shown = ", ".join(every[:_SHOWN])
    return shown if len(every) <= _SHOWN else f"{shown} and {len(every) - _SHOWN:,} more"


def alike_notes(classes: Iterable[str]) -> tuple[str, ...]:
    """Sentences on names that look the same, and on names that differ only in upper and lower case."""
    names = tuple(classes)
    twins = _groups(names, _composed)
    cases = [group for group in _groups(names, str.casefold) if len({_composed(name) for name in group}) > 1]
    return (
        *(
            f"Two classes look the same but are written with other characters: {few(group)}."
            for group in twins
        ),
        *(
            f"Other systems take these classes for one, by upper and lower case: {few(group)}."
            for group in cases
        ),
    )


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _groups(names: Iterable[str], key: Callable[[str], str]) -> list[list[str]]:
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[key(name)].append(name)
    return [group for group in groups.values() if len(group) > 1]
