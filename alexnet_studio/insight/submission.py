"""The file that the ILSVRC takes: five labels a line, counted from 1, a line for each image (txt-preds.py of 2012)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.ground import files
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import names_file
from alexnet_studio.images.class_names import few, matched

if TYPE_CHECKING:  # needs torch
    from alexnet_studio.insight.predict import Prediction

ILSVRC_CLASSES = 1000
_NUMBER = re.compile(r"(\d+)$")  # ILSVRC2012_test_00000001.JPEG
_NONE = 0  # of an image that cannot be read: a line must be there, and this is never right


def run_order(classes: Sequence[str]) -> dict[str, int]:
    """Each class' number, from 1, in the run's own order: its classes sorted by name."""
    return {name: number for number, name in enumerate(classes, 1)}


def order_of(path: Path, classes: Sequence[str]) -> dict[str, int]:
    """Each class' number, from 1, by its place in the file `path`; a line is its name, or begins with it.

    The order of the ILSVRC is not that of the alphabet, so a file such as its devkit's list of synsets has to say it.
    Raises `BadInput` ("synsets_lack_classes", and what `names_file.read` raises).
    """
    number_of: dict[str, int] = {}
    for number, line in enumerate(names_file.read(path), 1):
        number_of.setdefault(line.split()[0], number)
        number_of[line] = number
    names = {name: matched(name, number_of) for name in classes}
    absent = [name for name, found in names.items() if found is None]
    if absent:
        raise BadInput(
            "synsets_lack_classes",
            "{path} has no line for these classes of the run: {classes}. Give a file with a line for each class.",
            path=str(path),
            classes=few(absent),
        )
    return {name: number_of[found] for name, found in names.items() if found is not None}


def require_fit(classes: Sequence[str], images: Sequence[Path]) -> None:
    """Whether a file of these answers could be submitted. A line has no name: its place says whose it is.

    Raises `BadInput` ("submission_classes", "submission_names").
    """
    if len(classes) != ILSVRC_CLASSES:
        raise BadInput(
            "submission_classes",
            "The ILSVRC has 1,000 classes, and this run {count:,}: its answers are none to the ILSVRC’s question. "
            "Save them as CSV.",
            count=len(classes),
        )
    odd = next(((place, one) for place, one in enumerate(images, 1) if _number(one) != place), None)
    if odd is not None:
        raise BadInput(
            "submission_names",
            "Line {line:,} of a submission answers the image of that number, and here it would answer {name}. "
            "Predict a folder with all of the ILSVRC’s images, numbered from 1, such as ILSVRC2012_test_00000001.JPEG.",
            line=odd[0],
            name=odd[1].name,
        )


def _number(image: Path) -> int | None:
    found = _NUMBER.search(image.stem)
    return None if found is None else int(found[1])


def write(path: Path, predictions: Sequence[Prediction], number_of: Mapping[str, int]) -> None:
    """Raises `Failed` ("disk_full", "not_writable")."""
    files.write_text(path, "".join(f"{_line(one, number_of)}\n" for one in predictions))


def _line(prediction: Prediction, number_of: Mapping[str, int]) -> str:
    numbers = [number_of[name] for name, _ in prediction.top] or [_NONE] * min(5, len(number_of))
    return " ".join(map(str, numbers))
