"""Whether somebody writes into a run: what can be told from outside, also of a run on another machine."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs import lock
from alexnet_studio.runs.rows import Ended, Epoch, Row, Started, Step
from alexnet_studio.runs.tail import Tail

_QUIET_SECONDS = (
    120.0  # a row comes every few steps; decoding the images before the first one can take longer
)
_LONGEST_SECONDS = 3600.0
_EPOCHS = 2.0  # validation writes nothing while it lasts


def last_of_sitting(rows: Sequence[Row]) -> Row | None:
    """The last row that says where the training stands; a note says nothing of that."""
    return next((row for row in reversed(rows) if isinstance(row, Ended | Started | Step | Epoch)), None)


def is_written(run: Path, rows: Sequence[Row]) -> bool:
    """`rows` are the last ones of the run's history. Somebody holds its lock; or, where there is none (a copy that is
    brought up to date, an older version), it has not ended and has grown not long ago.
    """
    if (run / lock.NAME).exists():
        return lock.holder(run) is not None
    if isinstance(last_of_sitting(rows), Ended):
        return False
    try:
        file = run / "metrics.jsonl"
        changed = (file if file.exists() else run / run_folder.RECORD_NAME).stat().st_mtime
    except OSError:
        return False
    epoch = next((row for row in reversed(rows) if isinstance(row, Epoch)), None)
    patience = _QUIET_SECONDS if epoch is None else max(_QUIET_SECONDS, _EPOCHS * epoch.seconds)
    return time.time() - changed < min(patience, _LONGEST_SECONDS)


def require_unwritten(run: Path) -> None:
    """Raises `BadInput` ("run_is_trained", "not_a_run")."""
    path = run_folder.open(run).path
    if is_written(path, Tail(path / "metrics.jsonl").rows):
        raise BadInput(
            "run_is_trained",
            "The run {run} is being trained. Stop it first, or wait for its end.",
            run=str(run),
        )
