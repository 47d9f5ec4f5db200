"""Work that makes a run of somebody's weights, and writes a run's weights for others."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from alexnet_studio.ground import places
from alexnet_studio.studio.jobs.export import Exported
from alexnet_studio.studio.jobs.runner import Work

if TYPE_CHECKING:
    from alexnet_studio.networks.spec import Spec

Format = Literal["safetensors", "torchvision", "onnx"]


@dataclass(frozen=True, slots=True)
class Brought:
    """A new run; `notes` say what was taken for granted and what begins anew."""

    run: Path
    notes: tuple[str, ...]


def bring(weights: Path, network: Spec | str) -> Work:
    """A run in the user's folder of runs, named after the file."""
    from alexnet_studio.insight.importing import import_weights

    yield None
    made = import_weights(weights, network, _free(places.runs() / weights.stem))
    taken = f"{len(made.pairs)} tensors were taken from {weights.name}."
    yield Brought(made.run, (taken, *made.notes))


def write(run: Path, target: Path, form: Format) -> Work:
    from alexnet_studio.insight import loaded
    from alexnet_studio.insight.exporting import export
    from alexnet_studio.runs import folder as runs

    yield None
    export(loaded.load(runs.open(run), device="cpu"), target, form)
    yield Exported(target)


def _free(path: Path) -> Path:
    """`path`, or the first of path-2, path-3 ... that is not there."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.name}-{number}")
    return free
