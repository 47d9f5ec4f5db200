"""Photos copied into folders by what a network takes them for; nothing is moved, and nothing is overwritten."""

from __future__ import annotations

import contextlib
import filecmp
import itertools
import secrets
import shutil
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error, make_folder
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.store_space import free_bytes
from alexnet_studio.images.walk import is_ignored
from alexnet_studio.insight.predict import Prediction

UNSURE = "unsure"
_TOLD_EVERY = 1000  # files whose size was asked for


@dataclass(frozen=True, slots=True)
class Room:
    """What the copies of `images` photos take, and what the disk they would lie on has left."""

    images: int
    needed_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Sorted:
    """How many photos have a copy, how many of these are unsure, and how many are gone since they were answered."""

    copies: int
    unsure: int
    gone: int


def room(predictions: Sequence[Prediction], target: Path) -> Generator[Progress, None, Room]:
    """Raises `BadInput` ("target_not_empty", "no_room_for_copies")."""
    _require_empty(target)
    images = size = 0
    for one in predictions:
        with contextlib.suppress(OSError):  # gone: told when the others were copied
            size += 0 if one.error else one.image.stat().st_size
        images += not one.error
        if images % _TOLD_EVERY == 0:
            yield Progress("measure", images, len(predictions))
    found = Room(images, size, free_bytes(target.absolute()))
    if found.needed_bytes > found.free_bytes:
        raise BadInput(
            "no_room_for_copies",
            "The copies take {needed:,.0f} MB, and the disk of {target} has {free:,.0f} MB left. Choose a folder on "
            "another disk.",
            needed=size / 1e6,
            target=str(target),
            free=found.free_bytes / 1e6,
        )
    return found


def sort(predictions: Sequence[Prediction], piles: Piles) -> Generator[Progress, None, Sorted]:
    """Copy what was answered. Given up at any moment, every copy that is there is whole.

    Raises `Failed` ("disk_full", "not_writable").
    """
    copies = unsure = gone = 0
    answered = [one for one in predictions if not one.error]
    for number, one in enumerate(answered, 1):
        if one.image.is_file():
            piles.put(one)
            copies += 1
            unsure += piles.is_unsure(one)
        else:
            gone += 1
        yield Progress("sort", number, len(answered))
    return Sorted(copies, unsure, gone)


class Piles:
    """One folder a class under `target`; below `threshold` a photo goes to `unsure/`."""

    def __init__(
        self, target: Path, classes: Sequence[str], images: Sequence[Path], threshold: float | None
    ) -> None:
        """Raises `BadInput` ("piles_among_images", "class_called_unsure", "class_no_folder")."""
        self._target = target
        self._threshold = threshold
        if threshold is not None and UNSURE in classes:
            raise BadInput(
                "class_called_unsure",
                "A class of the run is called {name}, as the pile below the threshold is. Sort without a threshold.",
                name=UNSURE,
            )
        odd = next((name for name in classes if not _is_one_folder(name)), None)
        if odd is not None:
            raise BadInput(
                "class_no_folder",
                "The class {name} of the run cannot be a folder's name, so photos cannot be sorted by it.",
                name=odd,
            )
        inside = next((one for one in images if one.is_dir() and _is_within(target, one)), None)
        if inside is not None:
            raise BadInput(
                "piles_among_images",
                "{target} lies inside {folder}, whose photos are sorted: the copies would be sorted the next time. "
                "Choose another folder.",
                target=str(target),
                folder=str(inside),
            )

    def place(self, prediction: Prediction) -> str:
        """The folder's name for what was answered."""
        return UNSURE if self.is_unsure(prediction) else prediction.top[0][0]

    def is_unsure(self, prediction: Prediction) -> bool:
        return self._threshold is not None and prediction.is_unsure(self._threshold)

    def put(self, prediction: Prediction) -> Path:
        """The copy. A photo that is there already, byte for byte, is not copied again; another photo of the same name
        gets a number. Raises `Failed` ("disk_full", "not_writable").
        """
        folder = self._target / self.place(prediction)
        make_folder(folder)
        try:
            return _copied(prediction.image, folder)
        except OSError as error:
            raise as_studio_error(error, folder / prediction.image.name) from error


def _require_empty(target: Path) -> None:
    try:
        if not target.exists() or (target.is_dir() and all(is_ignored(one.name) for one in target.iterdir())):
            return
    except OSError as error:
        raise as_studio_error(error, target) from error
    raise BadInput(
        "target_not_empty",
        "{target} is not empty, and nothing in it shall be mixed up with the copies. Choose an empty folder, "
        "or name a new one.",
        target=str(target),
    )


def _copied(source: Path, folder: Path) -> Path:
    for number in itertools.count(1):
        name = source.name if number == 1 else f"{source.stem} ({number}){source.suffix}"
        target = folder / name
        if target.exists():
            if filecmp.cmp(source, target, shallow=False):
                return target
            continue
        with contextlib.suppress(FileExistsError):  # somebody else took the name just now
            _copy_whole(source, target)
            return target
    raise AssertionError("numbers do not end")


def _copy_whole(source: Path, target: Path) -> None:
    """All of it under its name, or nothing. Raises FileExistsError rather than replace anything, and OSError."""
    ops = file_ops.current()
    temporary = target.with_name(f".{secrets.token_hex(4)}.tmp")
    try:
        shutil.copy2(source, temporary)
        try:
            ops.link(temporary, target)
        except FileExistsError:
            raise
        except OSError:  # a disk without hard links
            if target.exists():
                raise FileExistsError(target) from None
            ops.replace(temporary, target)
    finally:
        with contextlib.suppress(OSError):
            if temporary.exists():
                ops.remove(temporary)


def _is_within(place: Path, folder: Path) -> bool:
    resolved, root = place.resolve(), folder.resolve()
    return resolved == root or root in resolved.parents


def _is_one_folder(name: str) -> bool:
    """Whether it is one name, and leads nowhere else."""
    return name not in {"", ".", ".."} and not any(letter in name for letter in "/\\\0")
