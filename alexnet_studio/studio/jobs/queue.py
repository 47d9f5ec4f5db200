"""Work on the queue of trainings: looking how far it is, adding what the form holds, making an entry ready."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.studio.dataset import Dataset, of_folder
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.setup_building import Values

if TYPE_CHECKING:
    from alexnet_studio.training.queue_file import Entry, QueueReader
    from alexnet_studio.training.queue_state import Standing
    from alexnet_studio.training.request import Request


@dataclass(frozen=True, slots=True)
class Looked:
    """`next` is the entry that a free device can train, with the device that it must be told ("" where none);
    `is_choice`: it was looked for.
    """

    standings: tuple[Standing, ...]
    is_choice: bool = False
    next: Entry | None = None
    device: str = ""


@dataclass(frozen=True, slots=True)
class Ready:
    """An entry that has not begun: what the trainer is asked for, and its images."""

    request: Request
    dataset: Dataset
    network: str
    values: Values


class QueueLook:
    """Looks at the file again and again in threads of its own, one at a time."""

    def __init__(self) -> None:
        self._reader: QueueReader | None = None
        self._before: dict[Path, Standing] = {}

    def look(self, file: Path, tried: frozenset[Path], *, choose: bool) -> Work:
        """`choose`: the next entry, too, that is not among the runs `tried`. Raises what `QueueReader` raises."""
        if not file.exists():
            yield Looked((), choose)
            return
        from alexnet_studio.training.queue_file import QueueReader
        from alexnet_studio.training.queue_state import standing

        if self._reader is None or self._reader.path != file:
            self._reader = QueueReader(file)
        standings: list[Standing] = []
        entries = yield from self._reader.entries()
        for entry in entries:
            standings.append(standing(entry, self._before.get(entry.run)))
            yield None
        self._before = {one.entry.run: one for one in standings}
        yield _chosen(standings, tried) if choose else Looked(tuple(standings))


def _chosen(standings: Sequence[Standing], tried: frozenset[Path]) -> Looked:
    from alexnet_studio.ground import device
    from alexnet_studio.training import queue_slots
    from alexnet_studio.training.queue_state import occupied

    slots = queue_slots.machine_slots(device.offered())
    taken = occupied(standings, slots)
    for one in standings:
        if one.is_settled or one.entry.run in tried:
            continue
        place = queue_slots.place(one.entry.device, slots, taken)
        if place is not None:
            return Looked(tuple(standings), True, one.entry, place[1] or "")
    return Looked(tuple(standings), True)


def make_ready(entry: Entry, device: str) -> Work:
    """`Ready` for an entry that has not begun, or what `open_run` tells of a run that can be gone on with."""
    from alexnet_studio.runs import folder as runs
    from alexnet_studio.studio.jobs.run import open_run
    from alexnet_studio.training.asked import Asked, asked

    if runs.is_run(entry.run):
        yield from open_run(entry.run)
        return
    typed = {**entry.typed.fields, **({"device": device} if device else {})}
    for event in asked(entry.typed.folder, entry.run, entry.typed.wanted, typed):
        if isinstance(event, Asked):
            request = event.request
            dataset = of_folder(event.scanned, request.corrections)
            values = tuple(request.recipe.model_dump().items())
            yield Ready(request, dataset, request.spec.name, values)
        else:
            yield event
