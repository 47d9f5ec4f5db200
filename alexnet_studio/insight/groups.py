"""The groups among the runs of a folder: those that a repetition made, which together are one result."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.insight.pooled import Part, Pooled, together
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.catalogue import RunSummary

GroupKind = Literal["seeds", "folds"]
_NAMES: dict[GroupKind, re.Pattern[str]] = {
    "seeds": re.compile(r"seed-\d+"),
    "folds": re.compile(r"fold-\d+"),
}


@dataclass(frozen=True, slots=True)
class Group:
    """`folder` is the one that its runs lie in."""

    folder: Path
    kind: GroupKind
    pooled: Pooled


@dataclass(slots=True)
class Groups:
    """Asked again and again: how many images a run validates with is read once, from the whole of its record."""

    _counts: dict[tuple[Path, str], int] = field(default_factory=dict[tuple[Path, str], int])

    def among(self, runs: Sequence[RunSummary]) -> tuple[Group, ...]:
        """In the order of their first runs. A single run is no group, and a damaged one belongs to none."""
        folders: dict[Path, list[RunSummary]] = {}
        for run in runs:
            if not run.problem:
                folders.setdefault(run.path.parent, []).append(run)
        found: list[Group] = []
        for folder, members in folders.items():
            kind = _kind(members)
            if kind is not None:
                found.append(Group(folder, kind, together([Part(run, self._count(run)) for run in members])))
        return tuple(found)

    def _count(self, run: RunSummary) -> int:
        key = (run.path, run.created)
        if key not in self._counts:
            try:
                self._counts[key] = len(run_folder.open(run.path).record.split.val)
            except StudioError:
                return 0  # it went away this moment
        return self._counts[key]


def _kind(members: Sequence[RunSummary]) -> GroupKind | None:
    if len(members) < 2:
        return None
    return next(
        (kind for kind, name in _NAMES.items() if all(name.fullmatch(run.name) for run in members)), None
    )
