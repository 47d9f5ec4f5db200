"""Class names as names of folders: any text becomes one that every system can hold, and no two become the same."""

from __future__ import annotations

import re
from collections.abc import Iterable

from alexnet_studio.images.class_names import few
from alexnet_studio.images.walk import is_ignored, printable

_LONGEST_BYTES = 200  # most systems take 255; a number may still follow
# Separators and control characters everywhere; the others are what Windows refuses.
_REFUSED = re.compile(r'[/\\\x00-\x1f\x7f<>:"|?*]+')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def folder_names(names: Iterable[str]) -> tuple[str, ...]:
    """One folder name for each name, in their order; names that become the same are numbered."""
    taken: set[str] = set()
    made: list[str] = []
    for name in names:
        plain = safe(name)
        # Upper and lower case are one on other systems, and a class must not fall into another's folder there.
        chosen, number = plain, 1
        while chosen.casefold() in taken:
            number += 1
            chosen = f"{plain}-{number}"
        taken.add(chosen.casefold())
        made.append(chosen)
    return tuple(made)


def safe(name: str) -> str:
    """`name` without separators, leading dots and what some system reserves; "unnamed" where nothing is left."""
    plain = _REFUSED.sub("-", printable(name)).strip().lstrip(".").rstrip(". ")
    plain = plain.encode("utf-8")[:_LONGEST_BYTES].decode("utf-8", "ignore").strip()
    if not plain:
        return "unnamed"
    return f"_{plain}" if is_ignored(plain) or _DEVICES.fullmatch(plain) else plain


def changed_note(names: Iterable[str], folders: Iterable[str]) -> str:
    """A sentence on the names that no folder can have; nothing where there are none."""
    pairs = [f"{name} is {folder}" for name, folder in zip(names, folders, strict=True) if name != folder]
    return f"Class names that not every folder can have were changed: {few(pairs)}." if pairs else ""
