"""`bench`: how fast networks are on this machine, side by side."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import result
from alexnet_studio.ground import device as devices
from alexnet_studio.ground.device import DeviceChoice, PrecisionChoice
from alexnet_studio.networks import arithmetic, spec_file

if TYPE_CHECKING:
    from alexnet_studio.insight.bench import Timing


def bench(
    networks: Annotated[
        list[str] | None,
        Parameter(name="NETWORK", help="names from `networks`, or spec files; default: mini"),
    ] = None,
    /,
    *,
    batch: Annotated[int, Parameter(help="images at once")] = 64,
    of: Annotated[
        Literal["loss", "pool5"] | None,
        Parameter(
            help="what a step goes back from: the loss, or half the squared norm of the last pooling layer"
        ),
    ] = None,
    warm_up: Annotated[int, Parameter(help="batches before the clock starts")] = 10,
    steps: Annotated[int, Parameter(help="batches that are timed")] = 100,
    device: Annotated[DeviceChoice, Parameter(help="auto takes CUDA, then MPS, then the CPU")] = "auto",
    precision: Annotated[
        PrecisionChoice, Parameter(help="auto takes what the device computes fastest")
    ] = "auto",
    json: output.JsonFlag = False,
) -> None:
    """Time forward passes and training steps: 10 batches to warm up, 100 timed, mean and standard deviation."""
    from alexnet_studio.insight.bench import bench as timings

    specs = [spec_file.resolve(name) for name in networks or ["mini"]]
    for spec in specs:
        arithmetic.report(spec)  # a network that does not fit is told before minutes were spent on another
    chosen = devices.resolve(device, precision)
    found: list[Timing] = []
    with output.progress_bar() as bar:
        for spec in specs:
            job = timings(spec, chosen, batch=batch, objective=of, warm_up=warm_up, timed=steps)
            found.append(result(job, bar))
    if json:
        output.document([_entry(timing) for timing in found])
        return
    output.line(f"{chosen.name}, {chosen.precision}, batches of {batch}, {steps} timed after {warm_up}")
    output.table(
        ("network", "forward ms", "±", "step ms", "±", "images/s", "one image ms"),
        [_row(timing) for timing in found],
    )


def _entry(timing: Timing) -> dict[str, object]:
    document = asdict(timing)
    # The keys are a contract with other programs.
    del document["latency_ms"]
    return document


def _row(timing: Timing) -> tuple[str, ...]:
    return (
        timing.network,
        f"{timing.forward_ms:.1f}",
        f"{timing.forward_sd:.1f}",
        f"{timing.step_ms:.1f}",
        f"{timing.step_sd:.1f}",
        f"{timing.images_per_second:.0f}",
        f"{timing.latency_ms:.1f}",
    )
