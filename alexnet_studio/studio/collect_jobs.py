"""Work that looks at a set of images, and makes a folder of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground import places
from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs import Work
from alexnet_studio.studio.views import KnownSetView


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


def known_sets() -> tuple[KnownSetView, ...]:
    """What can be fetched, with all that a person has to know before."""
    from alexnet_studio.images.known_sets import KNOWN

    line = QCoreApplication.translate("KnownSets", "{url}\n{size} bytes, MD5 {md5}")
    button = QCoreApplication.translate("KnownSets", "Download {size}")
    return tuple(
        KnownSetView(
            one.name,
            one.title,
            "\n".join(
                line.format(url=file.url, size=wording.count(file.bytes), md5=file.md5) for file in one.files
            ),
            button.format(size=wording.memory(one.bytes)),
        )
        for one in KNOWN
    )


def fetch(name: str) -> Work:
    """From the network into the person's data folder; what is there already is kept."""
    from alexnet_studio.images import collecting, known_sets

    known = next(one for one in known_sets.KNOWN if one.name == name)
    for event in known_sets.fetch(known, places.data() / "sets"):
        if isinstance(event, known_sets.Fetched):
            found = collecting.describe(event.source)
            yield Found(event.source, found.images, found.bytes)
        else:
            yield event
