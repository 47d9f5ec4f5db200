"""Work that looks at a set of images, and makes a folder of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground import places
from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.views.data import KnownSetView


@dataclass(frozen=True, slots=True)
class Found:
    """What a source of some `kind` holds, about; `fields` are the options it takes, `columns` those of a table."""

    source: Path
    kind: str
    images: int
    bytes: int
    fields: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A folder to open. `left_out`: how many images, and the first of them with its reason."""

    folder: Path
    images: int
    classes: int
    notes: tuple[str, ...]
    left_out: tuple[int, str, str] | None


def look(source: Path) -> Work:
    yield None
    yield _found(source)


def _found(source: Path) -> Found:
    from alexnet_studio.images import collecting, labelled_table
    from alexnet_studio.images.collect_options import TAKEN

    found = collecting.describe(source)
    columns = labelled_table.columns(source) if found.kind == "table" else ()
    return Found(source, found.kind, found.images, found.bytes, TAKEN[found.kind], columns)


def collect(source: Path, target: Path, given: Mapping[str, str | int]) -> Work:
    """`given`: options by their names, as texts and numbers."""
    from alexnet_studio.images import collecting
    from alexnet_studio.images.collect_options import Options

    paths, texts, numbers = _sorted(given)
    options = Options(
        names=paths.get("names"),
        truth=paths.get("truth"),
        side=numbers.get("side"),
        tiles=numbers.get("tiles"),
        path_column=texts.get("path_column"),
        label_column=texts.get("label_column"),
        split_column=texts.get("split_column"),
        group_column=texts.get("group_column"),
    )
    for event in collecting.collect(source, target, options):
        if isinstance(event, collecting.Collected):
            first = next(iter(event.skipped), None)
            left_out = None if first is None else (len(event.skipped), first.path, first.reason)
            yield Made(event.folder, event.images, event.classes, event.notes, left_out)
        else:
            yield event


def _sorted(given: Mapping[str, str | int]) -> tuple[dict[str, Path], dict[str, str], dict[str, int]]:
    numbers = {name: value for name, value in given.items() if isinstance(value, int)}
    texts = {name: value for name, value in given.items() if isinstance(value, str)}
    return {name: Path(text).expanduser() for name, text in texts.items()}, texts, numbers


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
    from alexnet_studio.images import known_sets

    known = next(one for one in known_sets.KNOWN if one.name == name)
    for event in known_sets.fetch(known, places.data() / "sets"):
        if isinstance(event, known_sets.Fetched):
            yield _found(event.source)
        else:
            yield event
