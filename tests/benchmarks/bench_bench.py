"""Our `bench` beside torch.utils.benchmark on the same network in the same process: they must agree within 5 %.

    python tests/benchmarks/bench_bench.py [NETWORK] [--batch 16] [--rounds 5]

The two take turns, because this machine's speed drifts; medians of the rounds are compared.
"""

from __future__ import annotations

import argparse
import statistics
import sys

import torch
from torch.utils import benchmark

from alexnet_studio.ground import device as devices
from alexnet_studio.insight.bench import Timing, bench
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.build import build


def main() -> None:
    parser = argparse.ArgumentParser(description="bench against torch.utils.benchmark")
    parser.add_argument("network", nargs="?", default="mini")
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    spec, device = catalogue.get(options.network), devices.resolve()
    network = build(spec).to(memory_format=torch.channels_last).to(device.torch()).eval()
    images = torch.randn(options.batch, spec.channels, spec.image_size, spec.image_size)
    images = images.to(device.torch(), memory_format=torch.channels_last)

    def forward() -> None:
        with torch.inference_mode(), device.autocast():
            network(images)

    # torch's timer runs on one thread unless told otherwise.
    timer = benchmark.Timer("forward()", globals={"forward": forward}, num_threads=torch.get_num_threads())
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(options.rounds):
        *_, timing = bench(spec, device, batch=options.batch)
        assert isinstance(timing, Timing)
        ours.append(timing.forward_ms)
        theirs.append(1000 * timer.timeit(100).mean)
    mine, other = statistics.median(ours), statistics.median(theirs)
    _say(f"{spec.name}, {device.name}, {device.precision}, forward of {options.batch} images")
    _say(f"bench                  {mine:8.2f} ms")
    _say(f"torch.utils.benchmark  {other:8.2f} ms")
    _say(f"ratio                  {mine / other:8.3f}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
