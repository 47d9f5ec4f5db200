"""What the form holds as lines of the queue's file, and lines taken out of it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.setup_building import Values

if TYPE_CHECKING:
    from alexnet_studio.images.corrections import Corrections
    from alexnet_studio.images.folder import ImageFolder
    from alexnet_studio.networks.spec import Spec
    from alexnet_studio.training.queue_file import Entry
    from alexnet_studio.training.repeats import Kind, Repeat


@dataclass(frozen=True, slots=True)
class Added:
    runs: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form holds. `network` is as a person or the catalogue made it: size and width are in `values`."""

    folder: ImageFolder
    corrections: Corrections | None
    network: Spec
    fitted: Spec
    values: Values
    source: Path | None = None


@dataclass(frozen=True, slots=True)
class Repetition:
    """`count`: of seeds, the first of which is the form's, or of folds."""

    kind: Kind
    count: int = 0


def add(file: Path, filled: Filled, stem: str, repetition: Repetition | None) -> Work:
    """One entry, or those of a group. Raises `BadInput` for what could not be trained, and `Failed`."""
    from alexnet_studio.ground import files, places
    from alexnet_studio.training import queue_file
    from alexnet_studio.training.command_words import changed_fields, form_words

    fields = changed_fields(dict(filled.values))
    home = places.new_run_folder(stem)
    parts = _parts(repetition, fields, filled.folder)
    runs = tuple(home / part.name for part in parts)
    _require_trainable(filled, runs[0], parts[0].typed)
    yield None
    network, labels = _write_beside(file.with_suffix("") / home.name, filled)
    commands = [
        form_words(filled.folder.root, run, str(network), part.typed, source=filled.source, labels=labels)
        for run, part in zip(runs, parts, strict=True)
    ]
    files.make_folder(home)  # or another training would take its name before this one begins
    queue_file.add(file, commands)
    yield Added(runs)


def _parts(
    repetition: Repetition | None, fields: Mapping[str, object], folder: ImageFolder
) -> Sequence[Repeat]:
    from alexnet_studio.training.recipe import Recipe
    from alexnet_studio.training.repeats import Repeat, repeats

    if repetition is None:
        return (Repeat("", fields),)
    others = {name: value for name, value in fields.items() if name not in {"folds", "fold"}}
    match repetition.kind:
        case "seeds":
            first = int(str(fields.get("seed", Recipe().seed)))
            typed = {name: value for name, value in fields.items() if name != "seed"}
            return repeats("seeds", f"{first}-{first + repetition.count - 1}", typed, folder)
        case "folds":
            return repeats("folds", "", {**others, "folds": repetition.count}, folder)
        case "leave-one-out":
            return repeats("leave-one-out", "", others, folder)


def _require_trainable(filled: Filled, run: Path, typed: Mapping[str, object]) -> None:
    from alexnet_studio.images.split import split
    from alexnet_studio.training.plan import split_rule
    from alexnet_studio.training.recipe_errors import validated
    from alexnet_studio.training.request import Request, check

    recipe = validated(**typed)
    check(Request(filled.folder, run, filled.fitted, recipe, frozenset(typed), filled.source))
    split(filled.folder, split_rule(recipe))


def _write_beside(folder: Path, filled: Filled) -> tuple[Path, Path | None]:
    """The network and the corrected labels as files that a command line can name."""
    from alexnet_studio.ground import files
    from alexnet_studio.images import corrections
    from alexnet_studio.networks import spec_file

    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in filled.network.name)
    network = folder / f"{plain}.json"
    files.write_json(network, spec_file.to_json(filled.network))
    if not filled.corrections:
        return network, None
    corrections.write(folder / corrections.FILE, filled.corrections)
    return network, folder / corrections.FILE


def take_out(file: Path, entries: Sequence[Entry], others: Sequence[Entry]) -> None:
    """Their lines, and what was made for them alone: files beside the queue, and the empty folders that kept the names
    of their runs. Raises what `queue_file.remove` raises.
    """
    from alexnet_studio.ground import places
    from alexnet_studio.training import queue_file

    queue_file.remove(file, entries)
    used = {path for entry in others for path in _beside(entry)}
    own = file.with_suffix("")
    for entry in entries:
        folders = [entry.run, *(one for one in entry.run.parents if one.parent == places.runs())]
        for path in _beside(entry):
            if own in path.parents and path not in used:
                path.unlink(missing_ok=True)
                folders.append(path.parent)
        for folder in folders:
            with contextlib.suppress(OSError):  # it is not there, or holds something
                folder.rmdir()


def _beside(entry: Entry) -> list[Path]:
    wanted = entry.typed.wanted
    return [Path(one) for one in (wanted.network, wanted.labels) if one is not None]
