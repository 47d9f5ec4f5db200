"""What the measurements of networks show."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimingView:
    """One network: the shares of the slowest step that its bars have, and its row of the table."""

    network: str
    forward: float
    step: float
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasuresView:
    """`busy` says what is being timed; `verdict` what the checks came to."""

    choices: tuple[tuple[str, str], ...] = ()
    title: str = ""
    timings: tuple[TimingView, ...] = ()
    busy: str = ""
    can_time: bool = True
    checks: tuple[tuple[str, ...], ...] = ()
    verdict: str = ""
    can_check: bool = True
