"""What a checkpoint holds, and the plain document that it is written as."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch

from alexnet_studio.ground.errors import BadInput

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True)
class Best:
    """The best epoch so far, and what it was judged by (larger is better, compared in this order)."""

    epoch: int
    value: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Plain data only: tensors on the CPU, numbers, strings, lists, dicts.

    `step` counts updates, `epoch` whole epochs (validation included), `batch` the batches already learned of
    the next one. No random state is kept: order, augmentation and dropout are functions of seed, epoch, step
    and sample. `identity` and `note` are set by `checkpoint.load`: the hash of the file, and why it is not the one that
    was asked for.
    """

    step: int
    epoch: int
    batch: int
    weights: dict[str, torch.Tensor]
    optimizer: dict[str, Any]
    schedule: dict[str, Any]
    meters: dict[str, float]
    best: Best | None
    scaler: dict[str, Any] = field(default_factory=dict[str, Any])
    identity: str = ""
    note: str = ""


_KEYS = tuple(field.name for field in fields(Checkpoint) if field.name not in {"identity", "note"})


def as_document(payload: Checkpoint) -> dict[str, Any]:
    best = None if payload.best is None else asdict(payload.best)
    return {name: getattr(payload, name) for name in _KEYS} | {"schema_version": SCHEMA_VERSION, "best": best}


def from_document(document: dict[str, Any], path: Path, digest: str) -> Checkpoint:
    """Raises whatever a document of another shape raises; `checkpoint_file.read` says it in words."""
    if int(document["schema_version"]) > SCHEMA_VERSION:
        raise BadInput(
            "checkpoint_from_newer_version",
            "{path} was written by a newer version of AlexNet Studio. Update the program to open it.",
            path=str(path),
        )
    values = {name: document[name] for name in _KEYS}
    if not all(isinstance(tensor, torch.Tensor) for tensor in values["weights"].values()):
        raise TypeError("weights that are no tensors")
    if any(tensor.untyped_storage().nbytes() < tensor.nbytes for tensor in values["weights"].values()):
        raise ValueError("weights larger than their bytes")
    best = values["best"]
    values["best"] = None if best is None else Best(int(best["epoch"]), tuple(best["value"]))
    return Checkpoint(**values, identity=digest[:16])
