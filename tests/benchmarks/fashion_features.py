"""Features for the neighbours' benchmarks: of real images, through a network that was trained on them.

A network of two convolutions and two fully connected layers (2,048 and 4,096, ReLU, dropout as in the paper) learns
FashionMNIST's 60,000 training images for two epochs. The features are its last hidden layer's answers to some of
these images and to perturbed copies of them: shifted by up to two pixels, mirrored or not, darker or brighter, with
noise on the pixels; each copy goes through the network like the originals.
"""

from __future__ import annotations

import gzip
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from torch import Tensor, nn

Features = NDArray[np.float32]
FOLDER = Path("/usr/share/datasets/fashion-mnist")
DIMENSIONS = 4096
_BATCH = 512


def trained(folder: Path = FOLDER, epochs: int = 2) -> nn.Sequential:
    """The network without its last layer: (N, 1, 28, 28) in 0..1 becomes (N, 4096)."""
    library: Any = torch
    library.manual_seed(2012)
    hidden = nn.Sequential(
        *(nn.Conv2d(1, 32, 5), nn.ReLU(), nn.MaxPool2d(3, 2), nn.Conv2d(32, 64, 5), nn.ReLU()),
        *(nn.MaxPool2d(3, 2), nn.Flatten(), nn.Dropout(), nn.Linear(576, 2048), nn.ReLU()),
        *(nn.Dropout(), nn.Linear(2048, DIMENSIONS), nn.ReLU()),
    )
    network = nn.Sequential(hidden, nn.Linear(DIMENSIONS, 10))
    optimiser: Any = torch.optim.SGD(network.parameters(), lr=0.03, momentum=0.9, weight_decay=5e-4)
    images, labels = pictures(folder), classes(folder)
    loss: Any = None
    order: Any
    for epoch in range(epochs):
        order = torch.randperm(len(images))
        for rows in order.split(128):
            optimiser.zero_grad()
            loss = nn.functional.cross_entropy(network(images[rows].float()[:, None] / 255), labels[rows])
            loss.backward()
            optimiser.step()
        say(f"epoch {epoch + 1}: the last batch's loss is {loss.item():.3f}")
    return hidden.eval()


def write(file: Path, hidden: nn.Sequential, real: int, total: int, folder: Path = FOLDER) -> None:
    """(total, 4096) into a .npy file: `real` images in random order, then copies of them."""
    images = pictures(folder)
    images = images[torch.randperm(len(images), generator=torch.Generator().manual_seed(1))[:real]]
    out = open_memmap(file, mode="w+", dtype=np.float32, shape=(total, DIMENSIONS))
    done, begin = 0, time.monotonic()
    for batch in _batches(images, total):
        with torch.inference_mode():
            out[done : done + len(batch)] = hidden(batch).numpy()
        done += len(batch)
        if done % (100 * _BATCH) == 0:
            say(f"{done:,} of {total:,} images, {done / (time.monotonic() - begin):,.0f} a second")
    out.flush()


def queries(hidden: nn.Sequential, count: int, folder: Path = FOLDER) -> Features:
    """(count, 4096): of test images, which the network has not seen."""
    with torch.inference_mode():
        return hidden(pictures(folder, "t10k")[:count].float()[:, None] / 255).numpy()


def pictures(folder: Path, part: str = "train") -> Tensor:
    with gzip.open(folder / f"{part}-images-idx3-ubyte.gz") as file:
        return torch.tensor(np.frombuffer(file.read(), np.uint8, offset=16).reshape(-1, 28, 28))


def classes(folder: Path, part: str = "train") -> Tensor:
    with gzip.open(folder / f"{part}-labels-idx1-ubyte.gz") as file:
        return torch.tensor(np.frombuffer(file.read(), np.uint8, offset=8).astype(np.int64))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _batches(images: Tensor, total: int) -> Iterator[Tensor]:
    """(up to 512, 1, 28, 28)"""
    generator = torch.Generator().manual_seed(7)
    for start in range(0, total, _BATCH):
        rows = torch.arange(start, min(start + _BATCH, total))
        batch = images[rows % len(images)].float()[:, None] / 255
        copies = rows >= len(images)
        if copies.any():
            batch = torch.where(copies[:, None, None, None], _perturbed(batch, generator), batch)
        yield batch


def _perturbed(batch: Tensor, generator: torch.Generator) -> Tensor:
    count, side = len(batch), batch.shape[-1]
    shift = torch.randint(-2, 3, (2, count, 1), generator=generator)
    steps = torch.arange(side)
    rows = (steps + shift[0]).clamp(0, side - 1)[:, None, :, None].expand(-1, 1, -1, side)
    columns = (steps + shift[1]).clamp(0, side - 1)[:, None, None, :].expand(-1, 1, side, -1)
    moved = batch.gather(2, rows).gather(3, columns)
    mirror = torch.rand(count, 1, 1, 1, generator=generator) < 0.5
    light = 0.8 + 0.4 * torch.rand(count, 1, 1, 1, generator=generator)
    noise = 0.03 * torch.randn(moved.shape, generator=generator)
    return (torch.where(mirror, moved.flip(3), moved) * light + noise).clamp(0, 1)
