"""`queue`: trainings one after another, one on each device, gone on with after an interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Annotated, Any

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import Interruption
from alexnet_studio.cli.queue_rows import printed
from alexnet_studio.cli.runs_command import best
from alexnet_studio.ground import device as devices
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.catalogue import summary
from alexnet_studio.training import queue_slots
from alexnet_studio.training.queue_file import Entry, read
from alexnet_studio.training.queue_state import occupied, standing

_LOOK_SECONDS = 0.2


def queue(
    file: Annotated[
        Path, Parameter(help="a text file with one `train …` command a line; # begins a comment")
    ],
    /,
    *,
    json: output.JsonFlag = False,
) -> int:
    """Train what FILE lists, one at a time on each device. Given again: finished runs are left, others gone on with."""
    entries = read(file)
    slots = queue_slots.machine_slots(devices.offered())
    interruption = Interruption()
    with interruption.watched():
        outcomes = _worked(entries, slots, interruption, json=json)
    failed = [one for one in outcomes if one.is_failed]
    if json:
        output.document([one.as_json() for one in outcomes])
    else:
        output.table(("run", "outcome", "best top-1", ""), [one.row() for one in outcomes])
    if interruption.number is not None:
        return 128 + interruption.number
    return 1 if failed else 0


@dataclass(slots=True)
class Outcome:
    """`state` is that of the run when the queue had done with it; "waiting" where it did not come to it."""

    entry: Entry
    state: str = "waiting"
    sentence: str = ""

    @property
    def is_failed(self) -> bool:
        return self.state in {"failed", "diverged", "interrupted", "damaged"}

    def as_json(self) -> dict[str, Any]:
        return {
            "line": self.entry.line,
            "run": str(self.entry.run),
            "state": self.state,
            "sentence": self.sentence,
        }

    def row(self) -> tuple[str, str, str, str]:
        is_run = runs.is_run(self.entry.run)
        return (
            str(self.entry.run),
            self.state,
            best(summary(self.entry.run)) if is_run else "–",
            self.sentence,
        )


@dataclass(slots=True)
class _Training:
    outcome: Outcome
    slots: frozenset[str]
    process: subprocess.Popen[str]
    listeners: tuple[threading.Thread, ...] = ()
    complaint: list[str] = field(default_factory=list[str])


def _worked(
    entries: tuple[Entry, ...], slots: tuple[str, ...], interruption: Interruption, *, json: bool
) -> list[Outcome]:
    outcomes = [Outcome(entry) for entry in entries]
    waiting = [one for one in outcomes if not _is_settled(one)]
    active: list[_Training] = []
    told = False
    while active or (waiting and interruption.number is None):
        if interruption.number is None:
            taken = {slot for one in active for slot in one.slots} | _taken_by_others(
                outcomes, waiting, slots
            )
            active += _started(waiting, slots, taken, json=json)
        elif not told:
            told = True
            for training in active:
                _stop(training.process, interruption.number)
        time.sleep(_LOOK_SECONDS)
        for training in [one for one in active if one.process.poll() is not None]:
            active.remove(training)
            _finish(training)
    return outcomes


def _taken_by_others(outcomes: list[Outcome], waiting: list[Outcome], slots: tuple[str, ...]) -> set[str]:
    """A window may train an entry of the same file on the same device; what it leaves unfinished waits again."""
    theirs = [one for one in outcomes if one.state == "running"]
    waiting += [one for one in theirs if not _is_settled(one)]
    return occupied([standing(one.entry) for one in theirs if one.state == "running"], slots)


def _is_settled(outcome: Outcome) -> bool:
    found = standing(outcome.entry)
    outcome.state = found.state if found.is_settled else "waiting"
    outcome.sentence = {
        "finished": "It was finished already.",
        "running": "Another process trains it.",
        "diverged": "It diverged before; give it a new run with another recipe.",
    }.get(outcome.state, "")
    return found.is_settled


def _started(
    waiting: list[Outcome], slots: tuple[str, ...], taken: set[str], *, json: bool
) -> Iterator[_Training]:
    for outcome in list(waiting):
        found = queue_slots.place(outcome.entry.device, slots, taken)
        if found is None:
            continue
        waiting.remove(outcome)
        if _is_settled(outcome):  # by somebody else, meanwhile
            continue
        own, device = found
        taken |= own
        yield _begun(outcome, own, device, json=json)


def _begun(outcome: Outcome, slots: frozenset[str], device: str | None, *, json: bool) -> _Training:
    entry = outcome.entry
    words = entry.command(resume=runs.is_run(entry.run), device=device)
    # A session of its own: Ctrl+C in the terminal reaches it once, through the queue.
    process = subprocess.Popen(
        [sys.executable, "-m", "alexnet_studio", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    training = _Training(outcome, slots, process)
    assert process.stdout is not None
    assert process.stderr is not None
    training.listeners = (
        threading.Thread(target=printed, args=(process.stdout, entry.run.name, not json)),
        threading.Thread(target=_heard, args=(process.stderr, training.complaint)),
    )
    for listener in training.listeners:
        listener.start()
    return training


def _heard(stream: IO[str], complaint: list[str]) -> None:
    complaint.extend(line.strip() for line in stream if line.strip())


def _finish(training: _Training) -> None:
    for listener in training.listeners:
        listener.join()
    for stream in (training.process.stdout, training.process.stderr):
        if stream is not None:
            stream.close()
    outcome, code = training.outcome, training.process.returncode
    found = summary(outcome.entry.run) if runs.is_run(outcome.entry.run) else None
    outcome.state = "failed" if found is None or (code and found.state == "finished") else found.state
    if code:
        outcome.sentence = training.complaint[-1] if training.complaint else ""


def _stop(process: subprocess.Popen[str], number: int) -> None:
    if os.name == "posix":
        process.send_signal(signal.Signals(number))
    else:
        process.terminate()
