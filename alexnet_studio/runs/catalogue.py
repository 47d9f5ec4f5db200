"""The runs of a folder, each in a few facts for a list: from the head of its record and the end of its history."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import activity, lock, record_head
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.record import RunRecord
from alexnet_studio.runs.rows import Ended, EndReason, Epoch, Row, Started, Step
from alexnet_studio.runs.tail import Tail

# interrupted: it has no last row, and nobody writes; imported: it was never trained here; damaged: see `problem`.
RunPhase = Literal[EndReason, "running", "interrupted", "imported", "damaged"]


@dataclass(frozen=True, slots=True)
class RunSummary:
    """`images` is the folder that was learned from, `loss` that of the last step. `problem` says why a run cannot be
    opened; its other fields are then empty.
    """

    path: Path
    state: RunPhase = "damaged"
    created: str = ""
    network: str = ""
    images: str = ""
    classes: int = 0
    epochs: int = 0
    epochs_asked: int | None = None
    best_epoch: int | None = None
    best_val_top1: float | None = None
    loss: float | None = None
    size_bytes: int = 0
    problem: str = ""

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(slots=True)
class Catalogue:
    """Lists a folder again and again: a run whose files have not changed is not read again."""

    folder: Path
    _known: dict[Path, tuple[object, RunSummary]] = field(
        default_factory=dict[Path, "tuple[object, RunSummary]"]
    )

    def runs(self) -> tuple[RunSummary, ...]:
        """Newest first, those of groups among them; nothing when the folder is missing or cannot be read."""
        found: dict[Path, tuple[object, RunSummary]] = {}
        for path in _runs_below(self.folder):
            mark = _mark(path)
            known = self._known.get(path)
            # One that is being written may become an interrupted one without any change.
            fresh = known is not None and known[0] == mark and known[1].state != "running"
            found[path] = known if fresh and known is not None else (mark, summary(path))
        self._known = found
        listed = [run for _, run in found.values()]
        return tuple(sorted(listed, key=lambda run: (run.created, str(run.path)), reverse=True))


def runs_in(folder: Path) -> tuple[RunSummary, ...]:
    """As `Catalogue.runs`, once."""
    return Catalogue(folder).runs()


def summary(path: Path) -> RunSummary:
    try:
        record = _record(path)
        tail = Tail(path / "metrics.jsonl")
        return _summed(path, record, tail)
    except BadInput as error:
        return RunSummary(path, size_bytes=_size(path), problem=error.sentence)
    except OSError as error:
        why = f"{path} cannot be read ({error.strerror or type(error).__name__})."
        return RunSummary(path, size_bytes=_size(path), problem=why)


def _summed(path: Path, record: RunRecord, tail: Tail) -> RunSummary:
    last = activity.last_of_sitting(tail.rows)
    best = _best(tail, last)
    epochs = record.recipe.get("epochs")
    return RunSummary(
        path,
        state=_state(path, record, tail, last),
        created=record.created,
        network=str(record.network.get("name", "")),
        images=record.data.root,
        classes=len(record.classes),
        epochs=_done(last),
        epochs_asked=epochs if isinstance(epochs, int) and record.data.root else None,
        best_epoch=None if best is None else best.epoch,
        best_val_top1=None if best is None else best.val_top1,
        loss=next((row.loss for row in reversed(tail.rows) if isinstance(row, Step)), None),
        size_bytes=_size(path),
    )


def _state(path: Path, record: RunRecord, tail: Tail, last: Row | None) -> RunPhase:
    if not record.data.root and not tail.rows:
        return "imported"
    if activity.is_written(path, tail.rows):
        return "running"  # also one that had ended, and is gone on with
    return last.reason if isinstance(last, Ended) else "interrupted"


def _done(last: Row | None) -> int:
    """Whole epochs; a step is of the epoch under way, counted from 1."""
    if isinstance(last, Step):
        return last.epoch - 1
    return last.epoch if isinstance(last, Epoch | Ended | Started) else 0


def _best(tail: Tail, last: Row | None) -> Epoch | None:
    """The epoch that the training called its best, or, while it has not ended, that of the best validation."""
    if isinstance(last, Ended) and last.best_epoch is not None:
        return tail.epoch(last.best_epoch)
    judged = [row for row in tail.epochs() if row.val_top1 is not None]
    return max(judged, key=lambda row: row.val_top1 or 0.0, default=None)


def _record(path: Path) -> RunRecord:
    try:
        head = record_head.read_head(path)
    except (OSError, ValueError):
        head = None
    return run_folder.open(path).record if head is None else head


def _runs_below(folder: Path) -> list[Path]:
    """Directly in `folder`, and in its folders that are no runs: a group keeps its runs in one of its own."""
    found: list[Path] = []
    for path in _folders(folder):
        if run_folder.is_run(path):
            found.append(path)
        else:
            found += [inner for inner in _folders(path) if run_folder.is_run(inner)]
    return found


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if entry.is_dir()]
    except OSError:
        return []


def _mark(path: Path) -> object:
    """What changes when a run does."""
    marks: list[tuple[int, int]] = []
    for name in (run_folder.RECORD_NAME, "metrics.jsonl", lock.NAME, "checkpoints", "features"):
        try:
            seen = (path / name).stat()
        except OSError:
            continue
        marks.append((seen.st_mtime_ns, seen.st_size))
    return tuple(marks)


def _size(path: Path) -> int:
    """Of all files, links not followed."""
    total = 0
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    total += _size(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    except OSError:
        return total  # it is being written, or is not ours to read
    return total
