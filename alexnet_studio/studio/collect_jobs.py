"""Work that looks at a set of images, and makes a folder of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.studio.jobs import Work


@dataclass(frozen=True, slots=True)
class Found:
    """What a source holds, about."""

    source: Path
    images: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Made:
    """A folder to open. `left_out`: how many images, and the first of them with its reason."""

    folder: Path
    images: int
    classes: int
    notes: tuple[str, ...]
    left_out: tuple[int, str, str] | None


def look(source: Path) -> Work:
    from alexnet_studio.images import collecting

    yield None
    found = collecting.describe(source)
    yield Found(source, found.images, found.bytes)


def collect(source: Path, target: Path) -> Work:
    from alexnet_studio.images import collecting

    for event in collecting.collect(source, target):
        if isinstance(event, collecting.Collected):
            first = next(iter(event.skipped), None)
            left_out = None if first is None else (len(event.skipped), first.path, first.reason)
            yield Made(event.folder, event.images, event.classes, event.notes, left_out)
        else:
            yield event
