"""How far the trainings of a queue are: told by their runs alone, so that whoever reads the file goes on with it."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass

from alexnet_studio.runs import folder as runs
from alexnet_studio.runs import lock, record_head
from alexnet_studio.runs.catalogue import RunSummary, summary
from alexnet_studio.runs.lock import Holder
from alexnet_studio.runs.rows import Ended
from alexnet_studio.runs.tail import Tail
from alexnet_studio.training.queue_file import Entry
from alexnet_studio.training.queue_slots import slots_of

_DONE = frozenset({"finished", "diverged", "running"})


@dataclass(
    frozen=True, slots=True, eq=False
)  # a thousand of them are the key of a view, thirty times a second
class Standing:
    """`run` is None for what has not begun; `holder` is who trains it now; `sentence` says why it ended badly."""

    entry: Entry
    run: RunSummary | None = None
    holder: Holder | None = None
    sentence: str = ""

    @property
    def state(self) -> str:
        """Of the run, or "waiting"."""
        if self.holder is not None:
            return "running"
        return "waiting" if self.run is None else self.run.state

    @property
    def is_settled(self) -> bool:
        """Nothing is left to do for it, or somebody else does it."""
        return self.state in _DONE


def standing(entry: Entry, before: Standing | None = None) -> Standing:
    """`before` is what was found earlier: what is finished, and is not gone on with, is not read again."""
    # Asked first: one that begins between the two questions is then still a waiting one, and its lock refuses.
    holder = lock.holder(entry.run)
    if not runs.is_run(entry.run):
        return Standing(entry, holder=holder)
    if holder is None and before is not None and before.entry is entry and before.state == "finished":
        return before
    found = summary(entry.run)
    return Standing(entry, found, holder, _last_words(found) if found.state in {"failed", "diverged"} else "")


def occupied(standings: Sequence[Standing], slots: Sequence[str]) -> set[str]:
    """The slots of this machine on which entries are trained now, by whatever process."""
    taken: set[str] = set()
    for one in standings:
        if one.holder is not None and one.holder.host == socket.gethostname():
            taken |= slots_of(_device(one.entry), slots)
    return taken


def _device(entry: Entry) -> str:
    """What its recipe says by now: a queue tells "auto" which of several cards to take."""
    try:
        head = record_head.read_head(entry.run)
    except (OSError, ValueError):
        head = None
    return entry.device if head is None else str(head.recipe.get("device", entry.device))


def _last_words(run: RunSummary) -> str:
    try:
        rows = Tail(run.path / "metrics.jsonl").rows
    except OSError:
        return ""
    return next((row.sentence for row in reversed(rows) if isinstance(row, Ended)), "")
