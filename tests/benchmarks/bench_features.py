"""Features of many images: the whole job (files, thumbnails, index) beside the network's forward pass alone, in turn.

    python tests/benchmarks/bench_features.py RUN [FOLDER] [--rounds 5] [--threads 1]

The images are decoded before (the store is kept); the forward pass repeats one batch of the job's size that lies in
memory. What counts is the fastest round of each side: on a busy machine the others measure the neighbours' work. Beside
the rates stands what all threads worked, as long as the clock; with several threads on a busy machine that is mostly
their waiting for one another, which counts as work: then `--threads 1` tells more.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from fashion_features import say

from alexnet_studio.insight.features import Embedded, embed
from alexnet_studio.insight.loaded import LoadedRun, load
from alexnet_studio.insight.predict import features_of
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.folder import RunFolder

_BATCH = 32
Spent = tuple[float, float]  # seconds: by the clock, and of all threads' work


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0, help="of the forward pass; 0: torch's own choice")
    options: Any = parser.parse_args()
    if options.threads:
        torch.set_num_threads(options.threads)
    run = runs.open(options.run)
    loaded = load(run)
    images = _job(loaded, run, options.folder)
    _forward(loaded, images)
    jobs: list[Spent] = []
    passes: list[Spent] = []
    for _ in range(options.rounds):
        passes.append(_spent(lambda: _forward(loaded, images)))
        jobs.append(_spent(lambda: _job(loaded, run, options.folder)))
    say(
        f"{loaded.spec.name}, {loaded.spec.image_size} px, {images:,} images a round, {torch.get_num_threads()} threads"
    )
    for name, rounds in (("forward pass", passes), ("whole job", jobs)):
        wall, work = (sorted(times) for times in zip(*rounds, strict=True))
        say(
            f"{name}: fastest {images / wall[0]:,.0f} images/s, median {images / wall[len(wall) // 2]:,.0f}; "
            f"least work {1000 * work[0] / images:.2f} ms an image"
        )
    for name, side in (("rate", 0), ("rate by work", 1)):
        share = min(one[side] for one in passes) / min(one[side] for one in jobs)
        say(f"the job runs at {share:.2f} of the forward pass's {name} (asked: 0.9)")


def _spent(work: Callable[[], object]) -> Spent:
    wall, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - busy


def _forward(loaded: LoadedRun, images: int) -> None:
    spec = loaded.spec
    batch = torch.rand(_BATCH, spec.channels, spec.image_size, spec.image_size)
    for _ in range(0, images, _BATCH):
        features_of(loaded, batch)


def _job(loaded: LoadedRun, run: RunFolder, folder: Path | None) -> int:
    """How many images."""
    done = list(embed(loaded, run, folder))[-1]
    assert isinstance(done, Embedded)
    return done.images


if __name__ == "__main__":
    main()
