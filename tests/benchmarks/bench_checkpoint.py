"""How long a checkpoint of the paper's network stops its training: written at once, and beside it.

    python tests/benchmarks/bench_checkpoint.py [--batch 8] [--device cpu] [--folder DIR]

Both sides in one run, each several times: the stop of the training thread, the time until the checkpoint is verified
on the disk, and the training steps meanwhile against steps with nothing beside them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import cast

import psutil
import torch

from alexnet_studio.ground import device as devices
from alexnet_studio.ground.device import DeviceChoice
from alexnet_studio.images.loader import Batch
from alexnet_studio.networks import spec_file
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.record import DataSource, RecordedSplit, RunRecord
from alexnet_studio.training.flight import Flight
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.snapshot import Snapshot

_REPEATS = 3


def run_in(folder: Path) -> RunFolder:
    record = RunRecord(
        app_version="", created="", network={}, input={}, recipe={}, classes=(), seed=1, colour={},
        data=DataSource(root="", fingerprint="", layout="classes"), split=RecordedSplit(train=(), val=()),
        device="cpu", precision="float32", threads=1, versions={},
    )  # fmt: skip
    return RunFolder(folder, record)


def learner_of_the_paper(device: DeviceChoice) -> Learner:
    spec = spec_file.resolve("paper", classes=1000)
    chosen = devices.resolve(device, "float32")
    return Learner(spec, Recipe(), chosen, k=5, steps_per_epoch=100)


def step_ms(learner: Learner, batch: Batch) -> float:
    began = time.perf_counter()
    learner.learn(batch)
    learner.meters.last()  # waits for the device
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--folder", type=Path, help="a folder on the disk to be measured")
    options = parser.parse_args()
    learner = learner_of_the_paper(cast("DeviceChoice", options.device))
    batch = Batch(torch.randn(options.batch, 3, 224, 224), torch.arange(options.batch), ())
    alone = [step_ms(learner, batch) for _ in range(6)][1:]
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        at_once = [_at_once(learner, run_in(Path(folder) / "a")) for _ in range(_REPEATS)]
        say(f"written at once: stops training for {median(at_once):7.0f} ms")
        _beside(learner, batch, run_in(Path(folder) / "b"), median(alone), median(at_once))


def _at_once(learner: Learner, run: RunFolder) -> float:
    began = time.perf_counter()
    learner.is_finite()
    checkpoint.save(run, learner.checkpoint(), best=False)
    return 1000 * (time.perf_counter() - began)


def _beside(learner: Learner, batch: Batch, run: RunFolder, alone_ms: float, at_once_ms: float) -> None:
    before = psutil.Process().memory_info().rss
    snapshot = Snapshot()
    snapshot.prepare(learner.checkpoint())
    snapshot.close()
    held = psutil.Process().memory_info().rss - before
    stops: list[float] = []
    landed: list[float] = []
    meanwhile: list[float] = []
    for _ in range(_REPEATS):
        began = time.perf_counter()
        learner.is_finite()
        copy = snapshot.of(learner.checkpoint())
        assert copy is not None, "there is not enough memory for a copy"
        flight = Flight(run, copy, best=False)
        stops.append(1000 * (time.perf_counter() - began))
        while not flight.is_over:
            meanwhile.append(step_ms(learner, batch))
        flight.landed()
        landed.append(1000 * (time.perf_counter() - began))
    say(
        f"written beside:  stops training for {median(stops):7.0f} ms, at most {max(stops):.0f} (asked: at most 300)"
    )
    say(
        f"                 verified on the disk after {median(landed):,.0f} ms, and {held / 1e6:,.0f} MB held for it"
    )
    slower = median(meanwhile) / alone_ms
    say(
        f"                 a step meanwhile takes {median(meanwhile):,.0f} ms, not {alone_ms:,.0f}: x {slower:.2f}"
    )
    say(f"the stop is {at_once_ms / median(stops):.0f} times shorter")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
