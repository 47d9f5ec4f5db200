"""How far a job has come."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` units; `total` is None while nobody knows it yet. `what` names the work in one word."""

    what: str
    done: int
    total: int | None = None


def finished(job: Generator[Progress | None, None, Result]) -> Result:
    """What a job returns, for who shows nothing of its progress. Raises what the job raises."""
    while True:
        try:
            next(job)
        except StopIteration as end:
            return end.value
