"""The rows of `metrics.jsonl`, which are the lines that `train --json` prints. Names are a contract."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar, Literal

EndReason = Literal["finished", "stopped", "diverged", "failed"]


@dataclass(frozen=True, slots=True)
class Started:
    """A training (or a resumed one) began. `step` is the number of steps already done."""

    event: ClassVar[str] = "started"
    step: int
    epoch: int
    epochs: int
    steps_per_epoch: int
    train_images: int
    val_images: int
    classes: int
    network: str
    device: str
    precision: str
    k: int


@dataclass(frozen=True, slots=True)
class Step:
    """One optimiser update. `top1` and `top5` are accuracies in 0..1 over the images of this step; `top5`
    counts the first `k` = min(5, classes).

    `seconds` of training since the run's start, validation and saving included, pauses not; it goes on when the run
    is resumed. None in logs of older versions.
    """

    event: ClassVar[str] = "step"
    step: int
    epoch: int
    loss: float
    top1: float
    top5: float
    k: int
    lr: float
    images_per_second: float
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Epoch:
    """One pass and its validation; `val_*` are None when there are no validation images. `epoch` counts from
    1. `val_balanced` is the mean of the classes' top-1 over those that have validation images: the same as
    `val_top1` where all have equally many. None also in logs of older versions. `memory_mb`: the most that the device
    has held for this process (on a CPU: what the process holds now), in MiB.
    """

    event: ClassVar[str] = "epoch"
    epoch: int
    step: int
    train_loss: float
    train_top1: float
    train_top5: float
    val_loss: float | None
    val_top1: float | None
    val_top5: float | None
    k: int
    seconds: float
    images_per_second: float
    val_balanced: float | None = None
    memory_mb: float | None = None


@dataclass(frozen=True, slots=True)
class Layers:
    """How large each layer is in one update: `layers[name]` holds the means of the absolute values of its weights, of
    their change ("update") and of the loss's gradient, before anything is clipped; biases are left out.
    """

    event: ClassVar[str] = "layers"
    step: int
    epoch: int
    layers: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Note:
    """Something that did not stop the work. `code` names it for translation; `sentence` is English."""

    event: ClassVar[str] = "note"
    step: int
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The training ended; `sentence` says why when it was not finished or stopped by the person.

    `code` names the cause for translation and for a remedy at one click ("diverged", "out_of_memory", ...).
    """

    event: ClassVar[str] = "ended"
    step: int
    epoch: int
    reason: EndReason
    best_epoch: int | None
    sentence: str = ""
    code: str = ""


Row = Started | Step | Layers | Epoch | Note | Ended

_KINDS: dict[str, type[Row]] = {kind.event: kind for kind in (Started, Step, Layers, Epoch, Note, Ended)}


def as_json(row: Row) -> dict[str, Any]:
    return {"event": row.event, **asdict(row)}


def from_json(document: dict[str, Any]) -> Row:
    """The row of a line of `metrics.jsonl`; fields of newer versions are dropped.

    Raises ValueError for a line that is no row, and TypeError for a row that lacks a field.
    """
    kind = _KINDS.get(str(document.get("event")))
    if kind is None:
        raise ValueError(f"not a row: {document.get('event')!r}")
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in document.items() if name in known})
