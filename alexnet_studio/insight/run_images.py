"""Finding a run's images again, and another folder's by the run's class names; no torch."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from alexnet_studio.ground import places
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import corrections
from alexnet_studio.images import store as stores
from alexnet_studio.images.class_names import few, matched
from alexnet_studio.images.folder import ImageFolder, scan
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.store import Store
from alexnet_studio.runs.folder import RunFolder

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some images of a folder, as positions in `folder.images`: `wanted` ones, in order, among the `stored`.

    `missing` counts recorded images that are no longer in the folder.
    """

    folder: ImageFolder
    wanted: tuple[int, ...]
    stored: tuple[int, ...]
    missing: int = 0

    def paths(self, positions: Sequence[int]) -> list[str]:
        return [self.folder.images[i].path for i in positions]

    def class_names(self, positions: Sequence[int]) -> list[str]:
        return [self.folder.classes[self.folder.images[i].label] for i in positions]


@dataclass(frozen=True, slots=True)
class Held:
    """The chosen images that decode: `indices` in `store` and `positions` in the folder, side by side."""

    store: Store
    indices: tuple[int, ...]
    positions: tuple[int, ...]


def recorded(run: RunFolder, paths: Sequence[str]) -> Generator[Progress, None, Chosen]:
    """The images at `paths` (of `run.json`), in that order, where the run's data root still has them.

    Raises `BadInput` ("run_without_images" for an imported run, "run_images_missing" when none is left, and what
    `scan` raises).
    """
    if not run.record.data.root:
        raise BadInput(
            "run_without_images",
            "The run {run} was imported and knows no images of its own. Give a folder of images.",
            run=str(run.path),
        )
    folder = yield from answer(scan(run.data_root), ImageFolder)
    folder = corrections.corrected(folder, corrections.read(run.path / corrections.FILE))
    position = {image.path: i for i, image in enumerate(folder.images)}
    found = tuple(position[path] for path in paths if path in position)
    if not found:
        raise BadInput(
            "run_images_missing",
            "None of the images of the run {run} are in {root} any more. Say where they are now.",
            run=str(run.path),
            root=str(run.data_root),
        )
    # What the trainer stores, whatever the split: so its store is opened instead of decoding again.
    stored = tuple(i for i, image in enumerate(folder.images) if image.split != "test")
    return Chosen(folder, found, tuple(sorted({*stored, *found})), len(paths) - len(found))


def everything(root: Path) -> Generator[Progress, None, Chosen]:
    """All images of the class folders at `root`, of every split. Raises what `scan` raises."""
    folder = yield from answer(scan(root), ImageFolder)
    every = tuple(range(len(folder.images)))
    return Chosen(folder, every, every)


def held_out(root: Path) -> Generator[Progress, None, Chosen]:
    """The images to test with: test/ where there is one, else val/, else all. Raises what `scan` raises."""
    folder = yield from answer(scan(root), ImageFolder)
    splits = {image.split for image in folder.images}
    split = next(name for name in ("test", "val", "train") if name in splits)
    wanted = tuple(i for i, image in enumerate(folder.images) if image.split == split)
    return Chosen(folder, wanted, wanted)


def decoded(chosen: Chosen, record: InputRecord) -> Generator[Progress, None, Held]:
    """Raises `BadInput` ("no_decodable_images") and `Failed` ("disk_full", "not_writable")."""
    filled = stores.fill(chosen.folder, chosen.stored, record, places.cache())
    store = yield from answer(filled, Store)
    index = {position: i for i, position in enumerate(store.kept)}
    positions = tuple(position for position in chosen.wanted if position in index)
    if not positions:
        raise BadInput(
            "no_decodable_images",
            "None of the {count} images in {path} that are wanted can be decoded. Choose another folder.",
            count=len(chosen.wanted),
            path=str(chosen.folder.root),
        )
    return Held(store, tuple(index[position] for position in positions), positions)


def labels(names: Sequence[str], classes: Sequence[str], where: Path) -> list[int]:
    """Positions in `classes`, matched by name. Raises `BadInput` ("classes_unknown_to_run")."""
    known = {name: label for label, name in enumerate(classes)}
    of = {name: matched(name, known) for name in dict.fromkeys(names)}
    unknown = [name for name, match in of.items() if match is None]
    if unknown:
        absent = sorted(set(classes) - {match for match in of.values() if match is not None})
        raise BadInput(
            "classes_unknown_to_run",
            "{folder} has classes that the run did not learn ({unknown}); the run learned classes that it "
            "has not ({absent}). Name the class folders as in the run.",
            folder=str(where),
            unknown=few(unknown),
            absent=few(absent) or "none",
        )
    return [known[of[name] or ""] for name in names]


def answer(job: Iterator[Progress | Result], kind: type[Result]) -> Generator[Progress, None, Result]:
    """Pass on the progress of another room's job, and return its answer."""
    for event in job:
        if isinstance(event, kind):
            return event
        assert isinstance(event, Progress)
        yield event
    raise AssertionError(f"a job ended without its {kind.__name__}")
