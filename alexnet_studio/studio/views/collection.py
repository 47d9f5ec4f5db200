"""What the form of Collect shows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CollectFieldView:
    """`kind`: "file", "folder", "number", or "column" with its `choices` (value, label)."""

    name: str
    kind: str
    value: str
    error: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A form: what was found in which `source`, a field for each of its options, and an error of none of them."""

    found: str
    source: str
    fields: tuple[CollectFieldView, ...]
    error: str = ""
