"""A folder of labelled images: what is in it, and what was left out and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

SplitName = Literal["train", "val", "test"]


@dataclass(frozen=True, slots=True)
class ImageFile:
    """`path` is relative to the folder, with forward slashes; `label` is the position in `ImageFolder.classes`."""

    path: str
    label: int
    split: SplitName
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Skipped:
    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImageFolder:
    """The answer of `scan`. With layout "classes" every image is in split "train"."""

    root: Path
    layout: Literal["classes", "splits"]
    classes: tuple[str, ...]
    images: tuple[ImageFile, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
