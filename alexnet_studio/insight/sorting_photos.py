"""Photos copied into folders by what a network takes them for; nothing is moved, and nothing is overwritten."""

from __future__ import annotations

import contextlib
import filecmp
import itertools
import secrets
import shutil
from collections.abc import Sequence
from pathlib import Path

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error, make_folder
from alexnet_studio.insight.predict import Prediction

UNSURE = "unsure"


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
        unsure = self._threshold is not None and prediction.is_unsure(self._threshold)
        return UNSURE if unsure else prediction.top[0][0]

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
