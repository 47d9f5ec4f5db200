"""Anonymous memory of feeding a training from 1,000 and from 100,000 images, each side in a process of its own.

    python tests/benchmarks/bench_memory.py [--images 1000 100000]

The files are hard links of a few photos of 64 x 64 pixels, in 100 class folders. Each process scans, fills the store,
measures the colours, and takes 40 batches of 64. What is mapped from disk does not count: it is the system's to drop.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from alexnet_studio.images.augment import Augmentation
from alexnet_studio.images.folder import ImageFolder, scan
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.loader import batches
from alexnet_studio.images.split import SplitRule, split
from alexnet_studio.images.statistics import measure
from alexnet_studio.images.store import Store, fill

_CLASSES, _PHOTOS, _SIDE = 100, 50, 64


def make(root: Path, count: int) -> None:
    random = np.random.default_rng(1)
    root.mkdir()
    photos = [root / f".{i}.jpg" for i in range(_PHOTOS)]
    for photo in photos:
        Image.fromarray(random.integers(0, 256, (_SIDE, _SIDE, 3), dtype=np.uint8)).save(photo)
    for label in range(_CLASSES):
        (root / f"class {label}").mkdir()
    for i in range(count):
        os.link(photos[i % _PHOTOS], root / f"class {i % _CLASSES}" / f"{i:06}.jpg")


def feed(root: Path, cache: Path) -> None:
    """Everything that happens before and between the steps of a training, but the steps."""
    folder = next(event for event in scan(root) if isinstance(event, ImageFolder))
    parts = split(folder, SplitRule(seed=1))
    record = InputRecord(resize_to=74, size=64, mean=(0.5,) * 3, std=(0.25,) * 3)
    used = sorted((*parts.train, *parts.val))
    store = next(event for event in fill(folder, used, record, cache) if isinstance(event, Store))
    labels = tuple(folder.images[i].label for i in store.kept)
    colours = measure(store, range(len(store)), seed=1)
    for _ in islice(
        batches(
            store,
            labels,
            range(len(store)),
            record,
            batch_size=64,
            seed=1,
            epoch=0,
            augmentation=Augmentation(crop=True, mirror=True, colour_pca=0.1, statistics=colours),
            shuffle=True,
            channels_last=True,
        ),
        40,
    ):
        pass
    say(anonymous_mb())


def anonymous_mb() -> str:
    """What only this process holds, in MB; Linux tells."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if line.startswith("RssAnon")]
    return f"{int(line.split()[1]) / 1000:.1f}"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--feed", type=Path, nargs=2, help="ROOT CACHE: what a process of its own does")
    options = parser.parse_args()
    if options.feed:
        feed(*options.feed)
        return
    found: list[float] = []
    for count in options.images:
        with tempfile.TemporaryDirectory() as folder:
            root, cache = Path(folder) / "images", Path(folder) / "cache"
            make(root, count)
            command = [sys.executable, __file__, "--feed", str(root), str(cache)]
            answer = subprocess.run(command, check=True, capture_output=True, text=True)
            found.append(float(answer.stdout))
            say(f"{count:9,} images: {found[-1]:7.1f} MB of anonymous memory")
    say(f"between the least and the most: {max(found) - min(found):.1f} MB (asked: at most 50)")


if __name__ == "__main__":
    main()
