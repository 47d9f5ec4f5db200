"""Work on the runs of a folder: listing them, holding them side by side, keeping order. Without torch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.studio.jobs.runner import Work

if TYPE_CHECKING:
    from alexnet_studio.insight.comparison import Comparison
    from alexnet_studio.insight.groups import Group, Groups
    from alexnet_studio.networks.spec import Spec
    from alexnet_studio.runs.catalogue import Catalogue, RunSummary


@dataclass(frozen=True, slots=True)
class Listed:
    folder: Path
    runs: tuple[RunSummary, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Compared:
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Renamed:
    old: Path
    new: Path


@dataclass(frozen=True, slots=True)
class Trashed:
    runs: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Noted:
    run: Path


@dataclass(frozen=True, slots=True)
class PackMade:
    file: Path
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Cloned:
    """The network and the recipe of a run, for the form."""

    run: Path
    network: str
    plan: Spec
    values: tuple[tuple[str, object], ...]


class Lister:
    """Lists a folder again and again in threads of its own, one at a time."""

    def __init__(self) -> None:
        self._catalogue: Catalogue | None = None
        self._groups: Groups | None = None

    def list(self, folder: Path) -> Work:
        from alexnet_studio.insight.groups import Groups
        from alexnet_studio.runs.catalogue import Catalogue

        if self._catalogue is None or self._groups is None or self._catalogue.folder != folder:
            self._catalogue, self._groups = Catalogue(folder), Groups()
        found = self._catalogue.runs()
        yield Listed(folder, found, self._groups.among(found))


def compare(runs: Sequence[Path]) -> Work:
    """Raises what `insight.comparison.compare` raises."""
    from alexnet_studio.insight.comparison import compare as compared
    from alexnet_studio.training.recipe import Recipe

    yield Compared(compared(runs, Recipe().model_dump()))


def rename(run: Path, name: str) -> Work:
    from alexnet_studio.runs import moving

    yield Renamed(run, moving.rename(run, name))


def note(run: Path, text: str) -> Work:
    from alexnet_studio.runs import diary
    from alexnet_studio.runs import folder as runs

    diary.append(runs.open(run).path, text)
    yield Noted(run)


def trash(runs: Sequence[Path]) -> Work:
    """One after another: what was moved before an error is told."""
    from alexnet_studio.runs import moving

    for run in runs:
        moving.to_trash(run)
        yield Trashed((run,))


def pack(run: Path, target: Path) -> Work:
    from alexnet_studio.runs.pack import Packed, pack

    for event in pack(run, target):
        yield PackMade(event.file, event.size_bytes) if isinstance(event, Packed) else event


def clone(run: Path) -> Work:
    """Raises `BadInput` ("not_a_run", ...)."""
    from alexnet_studio.networks import spec_file
    from alexnet_studio.runs import folder as runs
    from alexnet_studio.training.recipe import Recipe

    record = runs.open(run).record
    spec = spec_file.from_json(record.network, str(run / "run.json"))
    known = {name: value for name, value in record.recipe.items() if name in Recipe.model_fields}
    # The network of a run has the size and the width of its recipe already.
    values = {**Recipe().model_dump(), **known, "image_size": None, "width": 1.0}
    yield Cloned(run, spec.name, spec, tuple(values.items()))
