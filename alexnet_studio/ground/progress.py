"""How far a job has come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` units; `total` is None while nobody knows it yet. `what` names the work in one word."""

    what: str
    done: int
    total: int | None = None
