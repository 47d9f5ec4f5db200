"""The runs of a folder, each in a few facts for a list."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, EndReason, Epoch, Started


@dataclass(frozen=True, slots=True)
class RunSummary:
    """`reason` is None while a run has not ended (it trains elsewhere, or was killed); `problem` says why one
    cannot be opened, and the other fields are then empty.
    """

    path: Path
    created: str = ""
    network: str = ""
    classes: int = 0
    epochs: int = 0
    best_epoch: int | None = None
    best_val_top1: float | None = None
    reason: EndReason | None = None
    problem: str = ""


def runs_in(folder: Path) -> tuple[RunSummary, ...]:
    """The runs directly in `folder`, newest first; nothing when the folder is missing or cannot be read."""
    try:
        found = [path for path in folder.iterdir() if run_folder.is_run(path)]
    except OSError:
        return ()
    return tuple(sorted(map(summary, found), key=lambda run: (run.created, run.path.name), reverse=True))


def summary(path: Path) -> RunSummary:
    try:
        run = run_folder.open(path)
        rows = History(run.metrics).read()
    except BadInput as error:
        return RunSummary(path, problem=error.sentence)
    epochs = [row for row in rows if isinstance(row, Epoch)]
    last = next((row for row in reversed(rows) if isinstance(row, Ended | Started)), None)
    values = [row.val_top1 for row in epochs if row.val_top1 is not None]
    return RunSummary(
        path,
        created=run.record.created,
        network=str(run.record.network.get("name", "")),
        classes=len(run.record.classes),
        epochs=len(epochs),
        best_epoch=last.best_epoch if isinstance(last, Ended) else None,
        best_val_top1=max(values, default=None),
        reason=last.reason if isinstance(last, Ended) else None,
    )
