"""Training torchvision's network at 224 pixels from JPEG files on disk: ours beside the loop of a usual script.

    python tests/benchmarks/bench_training.py [--steps 6] [--batch 128]

640 JPEGs of 500 x 375 in 10 classes, cut from scikit-learn's two photos. Theirs is the loop that is passed around:
ImageFolder, RandomResizedCrop(224), flip, ToTensor, Normalize, a DataLoader with two workers, torchvision's alexnet in
float32, SGD, `loss.item()` in each step. Ours is `trainer.train` with RandomResizedCrop and flip, the precision that
"auto" takes here, and everything that a run writes. Images a second from one step's end to another's, the first ones
left out. Beside them what the machine's own matrix product allows: its measured rate over the operations of a training
image (three forward passes; the first layer needs no gradient of its input). Last, two processes with one thread each
against one with two threads (float32, --batch images in all).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from sample_photos import photos
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets, models, transforms

from alexnet_studio.ground import device as devices
from alexnet_studio.images.folder import ImageFolder, scan
from alexnet_studio.networks import catalogue
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.runs.rows import Step
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.trainer import Request, train

CLASSES = 10
WARM = 2


def theirs(root: Path, batch: int, steps: int) -> float:
    transform = transforms.Compose(
        [
            transforms.RandomResizedCrop(224),
            transforms.RandomHorizontalFlip(),
            transforms.ToTensor(),
            transforms.Normalize((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
        ]
    )
    make: Any = DataLoader
    loader = make(datasets.ImageFolder(root, transform), batch, shuffle=True, num_workers=2, drop_last=True)
    network = models.alexnet(num_classes=CLASSES)
    optimizer: Any = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, weight_decay=1e-4)
    measure = nn.CrossEntropyLoss()
    ends: list[float] = []
    running = 0.0
    while len(ends) <= WARM + steps:
        for images, labels in loader:
            loss = measure(network(images), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            running += loss.item()
            ends.append(time.perf_counter())
            if len(ends) > WARM + steps:
                break
    return batch * steps / (ends[WARM + steps] - ends[WARM])


def ours(folder: ImageFolder, run: Path, batch: int, steps: int, precision: str) -> tuple[float, str]:
    recipe = Recipe.model_validate(
        {
            "epochs": 1000,
            "batch_size": batch,
            "lr": 0.01,
            "resized_crop": True,
            "statistics": "imagenet",
            "colour_pca": 0.0,
            "schedule": "constant",
            "clip": 0.0,
            "val_fraction": 0.02,
            "device": "cpu",
            "precision": precision,
        }
    )
    events = train(Request(folder, run, catalogue.get("torchvision", classes=CLASSES), recipe))
    ends = [time.perf_counter() for _ in _steps(events, WARM + steps + 1)]
    events.close()
    used = devices.resolve("cpu", "auto" if precision == "auto" else "float32").precision
    return batch * steps / (ends[WARM + steps] - ends[WARM]), used


def _steps(events: Iterator[object], count: int) -> Iterator[int]:
    """At the end of each update: a row of it, or None where none was due."""
    done = 0
    for event in events:
        if event is None or isinstance(event, Step):
            done += 1
            yield done
            if done == count:
                return


def matrix_rate(precision: torch.dtype) -> float:
    """Operations a second of a large matrix product, the best of several."""
    left, right = torch.randn(2048, 2048, dtype=precision), torch.randn(2048, 2048, dtype=precision)
    taken: list[float] = []
    for _ in range(12):
        began = time.perf_counter()
        torch.mm(left, right)
        taken.append(time.perf_counter() - began)
    return 2 * 2048**3 / min(taken)


def operations_of_an_image() -> float:
    rows = report(catalogue.get("torchvision", classes=CLASSES))
    first = next(row.macs for row in rows.rows if row.macs)
    return 2.0 * (3 * rows.totals.macs - first)


def processes(root: Path, place: Path, batch: int, count: int, threads: int) -> float:
    """Images a second of `train` as `count` processes, from its own epoch row."""
    run = place / f"run-{count}"
    words = [
        *(
            "train",
            str(root),
            "--run",
            str(run),
            "--network",
            "torchvision",
            "--epochs",
            "2",
            "--device",
            "cpu",
        ),
        *(
            "--batch-size",
            str(batch),
            "--precision",
            "float32",
            "--val-fraction",
            "0.02",
            "--clip",
            "0",
            "--json",
        ),
    ]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(count)]
    done = subprocess.run(
        [*launcher, "-m", "--", "alexnet_studio", *words],
        env={**os.environ, "OMP_NUM_THREADS": str(threads)},
        capture_output=True,
        text=True,
        check=True,
    )
    epochs = [line for line in done.stdout.splitlines() if '"event": "epoch"' in line]
    return float(epochs[-1].split('"images_per_second": ')[1].split(",")[0])


def told(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=640)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--steps", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--processes-batch", type=int, default=256)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "photos"
        photos(root, options.images, [f"class{number}" for number in range(CLASSES)])
        os.environ["ALEXNET_STUDIO_CACHE"] = str(Path(place) / "cache")
        folder = next(event for event in scan(root) if isinstance(event, ImageFolder))
        best = {"theirs": 0.0, "ours": 0.0, "float32": 0.0}
        used = ""
        for number in range(options.rounds):
            best["theirs"] = max(best["theirs"], theirs(root, options.batch, options.steps))
            speed, used = ours(folder, Path(place) / f"auto{number}", options.batch, options.steps, "auto")
            best["ours"] = max(best["ours"], speed)
        kind = torch.bfloat16 if used == "bfloat16" else torch.float32
        allowed = matrix_rate(kind) / operations_of_an_image()
        told(f"usual loop, float32      {best['theirs']:7.1f} images/s")
        told(
            f"ours, {used:<18} {best['ours']:7.1f} images/s = {best['ours'] / best['theirs']:.2f} times (asked 2.5)"
        )
        told(
            f"matrix product allows    {allowed:7.1f} images/s; ours is {best['ours'] / allowed:.2f} of it (asked 0.75)"
        )
        if options.processes_batch:
            one = processes(root, Path(place), options.processes_batch, 1, 2)
            two = processes(root, Path(place), options.processes_batch, 2, 1)
            told(f"one process, two threads {one:7.1f} images/s")
            told(f"two processes, one each  {two:7.1f} images/s = {two / one:.2f} (asked 0.80)")


if __name__ == "__main__":
    main()
