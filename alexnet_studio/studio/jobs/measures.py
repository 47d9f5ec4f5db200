"""Work that measures this machine: networks timed side by side, and what operations mean checked against loops."""

from __future__ import annotations

from typing import Literal

from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.measures import CheckSeen, TimingSeen

Objective = Literal["loss", "pool5"]  # what a step goes back from; "loss" is pool5 where there are no classes


def bench(names: tuple[str, ...], batch: int, timed: int, objective: Objective) -> Work:
    """A `TimingSeen` for each network of the catalogue, on the device that `auto` takes."""
    from alexnet_studio.ground import device
    from alexnet_studio.insight import bench
    from alexnet_studio.networks import catalogue

    chosen = device.resolve()
    for name in names:
        for event in bench.bench(
            catalogue.get(name),
            chosen,
            batch=batch,
            objective="pool5" if objective == "pool5" else None,
            warm_up=min(bench.WARM_UP, timed),
            timed=timed,
        ):
            if isinstance(event, bench.Timing):
                yield TimingSeen(
                    event.network,
                    f"{chosen.name}, {chosen.precision}",
                    batch,
                    timed,
                    (event.forward_ms, event.forward_sd),
                    (event.step_ms, event.step_sd),
                    event.images_per_second,
                    event.latency_ms,
                )
            else:
                yield event


def check() -> Work:
    """A `CheckSeen` for each operation whose meaning libraries disagree about."""
    from alexnet_studio.training.semantics import deviations

    yield None
    for row in deviations():
        yield CheckSeen(row.check, row.source, row.deviation, row.tolerance, row.ok)
