"""What was measured of networks here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimingSeen:
    """Milliseconds a batch as mean and standard deviation, over `timed` batches; `latency_ms` of one image alone."""

    network: str
    device: str
    batch: int
    timed: int
    forward_ms: tuple[float, float]
    step_ms: tuple[float, float]
    images_per_second: float
    latency_ms: float


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """An operation beside plain loops after its source: the largest deviation, and the one that is allowed."""

    check: str
    source: str
    deviation: float
    tolerance: float
    ok: bool


@dataclass(slots=True)
class MeasureState:
    """`wanted` once a person has asked for the measurements: the list of networks is not made before."""

    wanted: bool = False
    timings: tuple[TimingSeen, ...] = ()
    checks: tuple[CheckSeen, ...] = ()
