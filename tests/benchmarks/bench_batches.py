"""Batches for training from our store beside the usual ImageFolder and DataLoader, on the same photos in one run.

    python tests/benchmarks/bench_batches.py

1,000 JPEGs of 500 x 375 are cut from scikit-learn's two photos. Theirs: ImageFolder, Resize(256), RandomCrop(224),
flip, ToTensor, Normalize, in one process and with two DataLoader workers. Ours: decode into the store once, then
random crops, reflections, colour noise and normalisation, from one loading thread and from two. Images a second, the
best of the rounds. The first epoch of ours counts the decoding and the filling of the store, too: once with the store
filled before, and once with it filled meanwhile, as for a folder of 10,000 images or more (without measuring colours,
which takes the same images both ways); the seconds to the first batch are told of both. The photos are read once
before, so that both sides find them in memory.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

from sample_photos import HEIGHT, WIDTH, photos
from torch.utils.data import DataLoader
from torchvision import datasets, transforms

from alexnet_studio.images.augment import Augmentation
from alexnet_studio.images.folder import ImageFolder, scan
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.loader import batches, order
from alexnet_studio.images.statistics import ColourStatistics, measure
from alexnet_studio.images.store import Store, fill
from alexnet_studio.images.store_early import begin

BATCH = 64
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def speed(epoch: Iterable[object], count: int) -> float:
    began = time.perf_counter()
    for _ in epoch:
        pass
    return count / (time.perf_counter() - began)


def theirs(root: Path, workers: int) -> Iterable[object]:
    steps = [
        transforms.Resize(256),
        transforms.RandomCrop(224),
        transforms.RandomHorizontalFlip(),
        transforms.ToTensor(),
        transforms.Normalize(MEAN, STD),
    ]
    found = datasets.ImageFolder(root, transforms.Compose(steps))
    loader: Any = DataLoader
    epochs: Iterable[object] = loader(
        found, BATCH, shuffle=True, num_workers=workers, persistent_workers=workers > 0
    )
    return epochs


class Ours:
    def __init__(
        self, root: Path, cache: Path, colours: ColourStatistics | None = None, *, early: bool = False
    ) -> None:
        self._cache = cache
        self.folder = next(event for event in scan(root) if isinstance(event, ImageFolder))
        self.record = InputRecord(resize_to=256, size=224, mean=MEAN, std=STD)
        self.store = self._begun() if early else self._filled()
        self.colours = colours or measure(self.store, range(len(self.store)), seed=1)

    def _filled(self) -> Store:
        events = fill(self.folder, range(len(self.folder.images)), self.record, self._cache)
        return next(event for event in events if isinstance(event, Store))

    def _begun(self) -> Store:
        count = len(self.folder.images)
        first = order(count, seed=1, epoch=0)
        return begin(self.folder, range(count), self.record, self._cache, first=first)

    def epoch(self, number: int, workers: int) -> Iterable[object]:
        return batches(
            self.store,
            [image.label for image in self.folder.images],
            range(len(self.store)),
            self.record,
            batch_size=BATCH,
            seed=1,
            epoch=number,
            augmentation=Augmentation(crop=True, mirror=True, colour_pca=0.1, statistics=self.colours),
            shuffle=True,
            workers=workers,
            channels_last=True,
        )


def first_epoch(
    root: Path, cache: Path, colours: ColourStatistics | None = None, *, early: bool = False
) -> tuple[float, float]:
    """Seconds to the first batch, and of the whole epoch."""
    began = time.perf_counter()
    ours = Ours(root, cache, colours, early=early)
    with closing(ours.store):
        epoch = iter(ours.epoch(0, 1))
        next(epoch)
        to_first = time.perf_counter() - began
        for _ in epoch:
            pass
        return to_first, time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    count = options.images
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "photos"
        photos(root, count, ("china", "flower"))
        for path in root.rglob("*.jpg"):
            path.read_bytes()
        first_epoch(root, Path(folder) / "first")
        ours = Ours(root, Path(folder) / "first")
        late, early = (
            min(
                (
                    first_epoch(root, Path(folder) / f"{early} {i}", ours.colours, early=early)
                    for i in range(options.rounds)
                ),
                key=lambda times: times[1],
            )
            for early in (False, True)
        )
        alone, pair = theirs(root, 0), theirs(root, 2)
        speed(pair, count)  # starts its processes
        rounds = [
            (
                speed(alone, count),
                speed(pair, count),
                speed(ours.epoch(i, 1), count),
                speed(ours.epoch(i, 2), count),
            )
            for i in range(options.rounds)
        ]
    one, two, mine, mine_two = (max(column) for column in zip(*rounds, strict=True))
    say(f"{count} JPEGs of {WIDTH} x {HEIGHT}, batches of {BATCH}; images a second:")
    say(f"ImageFolder + DataLoader, one process  {one:7.0f}")
    say(f"ImageFolder + DataLoader, two workers  {two:7.0f}")
    say(f"ours, one loading thread               {mine:7.0f}, {mine / one:.1f} times the one process")
    say(f"ours, two loading threads              {mine_two:7.0f}, {mine_two / two:.1f} times the two workers")
    for name, (to_first, whole) in (("filled before", late), ("filled meanwhile", early)):
        first = count / whole
        say(
            f"ours, first epoch, store {name:16} {first:5.0f}, {first / one:.1f} and {first / two:.1f} times",
            end=" ",
        )
        say(f"(first batch after {to_first:.2f} s)")


def say(text: str, end: str = "\n") -> None:
    sys.stdout.write(text + end)


if __name__ == "__main__":
    main()
