"""The run on the screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.runs.curves import Curves
from alexnet_studio.runs.log import Log
from alexnet_studio.runs.rows import Ended, Epoch, Layers, Note, Started, Step

if TYPE_CHECKING:
    from alexnet_studio.runs.lock import Holder

# Codes of training/noticing.py.
COMPLAINTS = frozenset({"stuck", "collapsed", "overfits", "starved"})


class Phase(Enum):
    """Where a run stands. READY: opened or ended, nothing is written into it."""

    READY = "ready"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"


@dataclass(slots=True)
class RunState:
    """The run on the screen: being trained here, or opened. `saved_at` is on the clock of `State.now`, and the same
    moment by the wall's is `saved_time`, in local time.
    """

    path: Path
    phase: Phase = Phase.READY
    started: Started | None = None
    step: Step | None = None
    epoch: Epoch | None = None
    best: Epoch | None = None
    ended: Ended | None = None
    note: str = ""
    complaints: dict[str, str] = field(
        default_factory=dict[str, str]
    )  # notes that something goes wrong, by code
    remedied: frozenset[str] = frozenset()  # those whose remedy is in the form
    precision: str = ""  # what was measured of it
    saved_at: float | None = None
    saved_time: datetime | None = None
    has_checkpoint: bool = False
    is_example: bool = False
    elsewhere: bool = False  # another process trains it
    holder: Holder | None = None  # which one, where its lock says so
    interrupted: bool = False  # nobody trains it, and it has not ended
    layers: tuple[str, ...] = ()  # those with weights, in their order
    feature_sizes: tuple[tuple[str, int], ...] = ()  # of each layer, how many numbers it gives of an image
    curves: Curves = field(default_factory=Curves)
    curves_version: int = 0
    group: str = ""  # the same for runs that differ in their seed only
    train_paths: tuple[str, ...] = ()
    val_paths: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()  # images whose answers the run has kept: shown without weights

    @property
    def live(self) -> bool:
        return self.phase is not Phase.READY

    @property
    def current_epoch(self) -> int:
        """Counted from 1 while an epoch runs, as in the rows."""
        if self.step is not None:
            return self.step.epoch
        return 0 if self.epoch is None else self.epoch.epoch

    def saved(self, now: float) -> None:
        self.saved_at, self.saved_time = now, datetime.now().astimezone()

    def take(self, log: Log) -> None:
        """What its history says, in place of what is known."""
        self.curves = Curves.of(log)
        self.epoch = self.best = self.ended = None
        self.complaints = {}
        self.step = log.last_step()
        for before, row in log.others:
            if isinstance(row, Started):
                self.started = row
            elif isinstance(row, Note):
                self._heed(row)
            elif isinstance(row, Ended):
                self.ended = row if before == log.steps.shape[1] else None
            elif isinstance(row, Epoch):
                self._judge(row)

    def add(self, row: Step | Layers | Epoch | Note) -> None:
        self.curves.add(row)
        if isinstance(row, Step):
            self.step = row
        elif isinstance(row, Note):
            self._heed(row)
        elif isinstance(row, Epoch):
            self._judge(row)

    def _heed(self, note: Note) -> None:
        self.note = note.sentence
        if note.code in COMPLAINTS:
            self.complaints.pop(note.code, None)
            self.complaints[note.code] = note.sentence
        elif note.code == "precision_measured":
            self.precision = note.sentence

    def _judge(self, row: Epoch) -> None:
        self.epoch = row
        if row.val_top1 is not None and (self.best is None or row.val_top1 > (self.best.val_top1 or 0.0)):
            self.best = row
