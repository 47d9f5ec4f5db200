"""An order to whoever trains a run, sent through its inbox, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.studio.jobs.runner import Work

if TYPE_CHECKING:
    from alexnet_studio.runs.inbox import Order


@dataclass(frozen=True, slots=True)
class Answered:
    """`done` or refused, in a sentence of the trainer's."""

    run: Path
    done: bool
    sentence: str


def tell(run: Path, order: Order, wait_s: float) -> Work:
    """Raises `Failed` ("nobody_listens", "disk_full", "not_writable")."""
    from alexnet_studio.runs import inbox

    answer = yield from inbox.ask(run, order, wait_s)
    yield Answered(run, answer.done, answer.sentence)
