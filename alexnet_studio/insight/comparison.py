"""Runs side by side: what differs in how they were made, field by field, and what each came to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.networks import spec_file
from alexnet_studio.networks.differences import Difference, differences
from alexnet_studio.networks.spec import Spec
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.catalogue import RunSummary, summary
from alexnet_studio.runs.record import RunRecord

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field of the recipe (or of the images and the machine), with the value of each run."""

    field: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class LayerDifference:
    """One aspect of one layer in words, for each run; "" as the layer: of the whole network."""

    layer: str
    aspect: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Only what is not the same in all runs; the networks' words hold each run beside the first."""

    runs: tuple[RunSummary, ...]
    setting: tuple[FieldDifference, ...]
    recipe: tuple[FieldDifference, ...]
    network: tuple[LayerDifference, ...]


_SETTING: dict[str, Callable[[RunRecord], Value]] = {
    "images": lambda record: record.data.root,
    "image_fingerprint": lambda record: record.data.fingerprint[:12],
    "classes": lambda record: len(record.classes),
    "train_images": lambda record: len(record.split.train),
    "val_images": lambda record: len(record.split.val),
    "left_out": lambda record: len(record.split.left_out),
    "device": lambda record: record.device,
    "precision": lambda record: record.precision,
    "threads": lambda record: record.threads,
    "app_version": lambda record: record.app_version,
}


def compare(paths: Sequence[Path], defaults: Mapping[str, object]) -> Comparison:
    """`defaults` of the recipe's fields stand for those that an older run does not have.

    Raises `BadInput` ("not_a_run", and what `spec_file.from_json` and `differences` raise).
    """
    opened = [run_folder.open(path) for path in paths]
    records = [run.record for run in opened]
    specs = [spec_file.from_json(run.record.network, str(run.path / "run.json")) for run in opened]
    recipes: list[Mapping[str, object]] = [{**defaults, **record.recipe} for record in records]
    setting: dict[str, list[Value]] = {
        name: [of(record) for record in records] for name, of in _SETTING.items()
    }
    setting |= {f"{name} version": [r.versions.get(name) for r in records] for name in _versions(records)}
    return Comparison(
        tuple(summary(run.path) for run in opened),
        _different(setting),
        _different({name: [_plain(recipe.get(name)) for recipe in recipes] for name in _fields(recipes)}),
        _networks(specs),
    )


def _different(fields: dict[str, list[Value]]) -> tuple[FieldDifference, ...]:
    return tuple(
        FieldDifference(name, tuple(values))
        for name, values in fields.items()
        if any(value != values[0] for value in values)
    )


def _fields(recipes: Sequence[Mapping[str, object]]) -> list[str]:
    return list(dict.fromkeys(name for recipe in recipes for name in recipe))


def _versions(records: Sequence[RunRecord]) -> list[str]:
    return list(dict.fromkeys(name for record in records for name in record.versions))


def _plain(value: object) -> Value:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _networks(specs: Sequence[Spec]) -> tuple[LayerDifference, ...]:
    first = specs[0]
    told = [differences(first, other) for other in specs[1:]]
    names = dict.fromkeys((one.layer, one.aspect) for rows in told for one in rows)
    return tuple(LayerDifference(*name, _words(name, told)) for name in names)


def _words(name: tuple[str, str], told: Sequence[Sequence[Difference]]) -> tuple[str, ...]:
    """What is not told of a run is as in the first."""
    rows = [next((one for one in rows if (one.layer, one.aspect) == name), None) for rows in told]
    mine = next(row.left for row in rows if row is not None)
    return (mine, *(mine if row is None else row.right for row in rows))
