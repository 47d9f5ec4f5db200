"""How much room stores take: before one is made, and all of them together."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from PIL import Image

from alexnet_studio.ground import seeds
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.regular_file import open_regular
from alexnet_studio.images.store_files import in_use, last_used

Coding = Literal["pixels", "jpeg"]  # how a store keeps an image

_LOOKED_AT = 200  # headers that stand for all
_GIGABYTE = 1_000_000_000
_LIMIT_GB = 300.0  # ImageNet at 256 pixels is 252
_JPEG_SHARE = 0.16  # of the pixels' bytes: photos at quality 95, without subsampling
_RESERVE = 1.05


def needed_bytes(
    folder: ImageFolder, positions: Sequence[int], record: InputRecord, coding: Coding = "pixels"
) -> int:
    """The bytes of a store, from the headers of a drawn few of its images."""
    drawn = seeds.generator("store size", len(positions)).permutation(len(positions))[:_LOOKED_AT]
    sizes = [_bytes_of(folder.root / folder.images[positions[int(i)]].path, record) for i in drawn]
    pixels = int(sum(sizes) / max(1, len(sizes)) * len(positions))
    return jpeg_bytes(pixels) if coding == "jpeg" else pixels


def jpeg_bytes(pixels: int) -> int:
    """About what the same store takes as JPEGs."""
    return int(pixels * _JPEG_SHARE)


def is_short(cache: Path, needed: int) -> bool:
    """Whether the disk of `cache` has no room for that many bytes more, even without the older stores."""
    held = sum(_size(store) for store in _stores(cache) if not in_use(store))
    return free_bytes(cache) + held < needed * _RESERVE


def free_bytes(cache: Path) -> int:
    there = next(folder for folder in (cache, *cache.parents) if folder.exists())
    return shutil.disk_usage(there).free


def limit_bytes() -> int:
    """What all stores may take together: `ALEXNET_STUDIO_STORE_GB`, or 300 GB."""
    try:
        return int(float(os.environ.get("ALEXNET_STUDIO_STORE_GB", "")) * _GIGABYTE)
    except ValueError:
        return int(_LIMIT_GB * _GIGABYTE)


def make_room(cache: Path, *, keep: Path, needed: int) -> None:
    """Remove the stores that were used longest ago, until all fit the limit and `needed` bytes fit the disk."""
    stores = sorted((store for store in _stores(cache) if store != keep), key=last_used)
    sizes = {store: _size(store) for store in stores}
    total = sum(sizes.values()) + needed
    for store in stores:
        if total <= limit_bytes() and free_bytes(cache) >= needed * _RESERVE:
            return
        if not in_use(store):
            shutil.rmtree(store, ignore_errors=True)
            total -= sizes[store]


def _stores(cache: Path) -> list[Path]:
    if not cache.is_dir():
        return []
    return [folder for folder in cache.iterdir() if folder.is_dir() and last_used(folder)]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())


def _bytes_of(path: Path, record: InputRecord) -> int:
    largest = record.resize_to**2
    try:
        with open_regular(path) as file, Image.open(file) as image:
            channels = 1 if image.mode in {"1", "L", "I;16"} else record.channels
            return min(largest, image.width * image.height) * channels
    except Exception:  # noqa: BLE001 - whatever a damaged header leads to: it is counted when it is decoded
        return largest * record.channels
