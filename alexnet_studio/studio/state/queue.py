"""The queue of trainings, and what this window has done with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.training.queue_state import Standing


@dataclass(slots=True)
class QueueState:
    """`standings` are the entries of the file in their order, once `is_read`; `problem` says why it cannot be read.

    While `is_started`, one entry after the other is trained here: `under_way` is the run of the one that is, `tried`
    are the runs that were begun since the start, and `failures` say why some could not be.
    """

    file: Path | None = None
    standings: tuple[Standing, ...] = ()
    is_read: bool = False
    is_open: bool = False
    problem: str = ""
    is_started: bool = False
    under_way: Path | None = None
    tried: frozenset[Path] = frozenset()
    failures: dict[Path, str] = field(default_factory=dict[Path, str])

    @property
    def left(self) -> int:
        """Entries that wait, or can be gone on with."""
        return sum(not one.is_settled for one in self.standings)
