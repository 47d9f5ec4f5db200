"""Features of many images: the whole job (files, thumbnails, index) beside the network's forward pass alone, in turn.

    python tests/benchmarks/bench_features.py RUN [FOLDER] [--rounds 5]

The images are decoded before (the store is kept); the forward pass repeats one batch of the job's size that lies in
memory. What counts is the fastest round of each side: on a busy machine the others measure the neighbours' work.
"""

from __future__ import annotations

import argparse
import time
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


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("run", type=Path)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    options: Any = parser.parse_args()
    run = runs.open(options.run)
    loaded = load(run)
    images, _ = _job(loaded, run, options.folder)
    jobs: list[float] = []
    passes: list[float] = []
    for _ in range(options.rounds):
        passes.append(_forward(loaded, images))
        jobs.append(_job(loaded, run, options.folder)[1])
    say(f"{loaded.spec.name}, {loaded.spec.image_size} px, {images:,} images a round")
    say(f"forward pass: fastest {max(passes):,.0f} images/s, median {sorted(passes)[len(passes) // 2]:,.0f}")
    say(f"whole job:    fastest {max(jobs):,.0f} images/s, median {sorted(jobs)[len(jobs) // 2]:,.0f}")
    say(f"the job runs at {max(jobs) / max(passes):.2f} of the forward pass's rate")


def _forward(loaded: LoadedRun, images: int) -> float:
    """Images a second."""
    spec = loaded.spec
    batch = torch.rand(_BATCH, spec.channels, spec.image_size, spec.image_size)
    features_of(loaded, batch)
    begin = time.perf_counter()
    for _ in range(0, images, _BATCH):
        features_of(loaded, batch)
    return images / (time.perf_counter() - begin)


def _job(loaded: LoadedRun, run: RunFolder, folder: Path | None) -> tuple[int, float]:
    begin = time.perf_counter()
    done = list(embed(loaded, run, folder))[-1]
    assert isinstance(done, Embedded)
    return done.images, done.images / (time.perf_counter() - begin)


if __name__ == "__main__":
    main()
