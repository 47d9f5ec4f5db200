"""What a run answered on labelled images, kept in its folder: it is looked at again without weights and without torch.

`evaluations/<name>.npz` holds plain arrays, of each image the ten most probable classes with their probabilities.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import write_atomic

FOLDER = "evaluations"
VALIDATION = "validation"  # the name of an evaluation on what validated the run
KEPT = 10  # classes of each image
THUMBNAIL_PX = 64
_SUFFIX = ".npz"


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationFile:
    """Row i of every array is the image `paths[i]`, relative to `root`, of class `labels[i]`.

    `top` (images, K) int64 are its most probable classes, best first, and `shares` (images, K) float32 their
    probabilities, K = min(10, classes); -1 and 0 where the network's answer was no number. `ranks` counts the classes
    before the right one, and `own` is the right one's probability. `k` is what top-k counts; `loss` is the mean over
    the images, in nats.

    `name` tells which images these are ("validation", "test", or a folder's), `views` "center" or "ten",
    `checkpoint` whose weights answered. `left_out` are paths that could not be decoded. `thumbnails`
    (images, 64, 64, 3) uint8 belong to the rows `shown`.
    """

    name: str
    root: str
    views: str
    checkpoint: str
    epoch: int
    k: int
    loss: float
    classes: tuple[str, ...]
    paths: tuple[str, ...]
    left_out: tuple[str, ...]
    labels: NDArray[np.int64]
    top: NDArray[np.int64]
    shares: NDArray[np.float32]
    ranks: NDArray[np.int64]
    own: NDArray[np.float32]
    shown: NDArray[np.int64]
    thumbnails: NDArray[np.uint8]

    @property
    def guesses(self) -> NDArray[np.int64]:
        """(images,) the most probable class of each."""
        return self.top[:, 0]

    @property
    def sureness(self) -> NDArray[np.float32]:
        """(images,) the probability of the most probable class."""
        return self.shares[:, 0]


def write(run: Path, file: EvaluationFile) -> Path:
    """In the place of the earlier one on the same images with the same views. Raises `Failed` ("disk_full",
    "not_writable").
    """
    arrays: dict[str, Any] = {one.name: np.array(getattr(file, one.name)) for one in fields(file)}
    target = run / FOLDER / f"{file.name}-{file.views}{_SUFFIX}"

    def save(opened: IO[bytes]) -> None:
        np.savez_compressed(opened, allow_pickle=False, **arrays)

    write_atomic(target, save)
    return target


def kept(run: Path) -> tuple[Path, ...]:
    """The evaluations of a run, the newest first."""
    try:
        found = [(path.stat().st_mtime_ns, path) for path in (run / FOLDER).glob(f"*{_SUFFIX}")]
    except OSError:
        return ()
    plain = [(when, path) for when, path in found if not path.name.startswith(".")]
    return tuple(path for _, path in sorted(plain, reverse=True))


def read(path: Path) -> EvaluationFile:
    """Raises `BadInput` ("evaluation_damaged")."""
    try:
        # Opened here: numpy leaves a file open that is no archive.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            file = _file(stored)
    except Exception as error:
        # A damaged zip archive raises anything from BadZipFile to zlib.error.
        raise _damaged(path) from error
    if not _fits(file):
        raise _damaged(path)
    return file


def _file(stored: Any) -> EvaluationFile:
    return EvaluationFile(
        name=str(stored["name"]),
        root=str(stored["root"]),
        views=str(stored["views"]),
        checkpoint=str(stored["checkpoint"]),
        epoch=int(stored["epoch"]),
        k=int(stored["k"]),
        loss=float(stored["loss"]),
        classes=tuple(map(str, stored["classes"])),
        paths=tuple(map(str, stored["paths"])),
        left_out=tuple(map(str, stored["left_out"])),
        labels=stored["labels"].astype(np.int64),
        top=stored["top"].astype(np.int64),
        shares=stored["shares"].astype(np.float32),
        ranks=stored["ranks"].astype(np.int64),
        own=stored["own"].astype(np.float32),
        shown=stored["shown"].astype(np.int64),
        thumbnails=stored["thumbnails"].astype(np.uint8),
    )


def _fits(file: EvaluationFile) -> bool:
    """Whether all arrays are of the same images, and every number of a class is one: files come from strangers."""
    images, classes = len(file.paths), len(file.classes)
    wide = (images, min(KEPT, classes))
    shapes = file.top.shape == file.shares.shape == wide and file.labels.shape == file.ranks.shape == (
        images,
    )
    if not (images and classes and shapes and file.own.shape == (images,)):
        return False
    pictures = file.thumbnails.ndim == 4 and len(file.thumbnails) == len(file.shown)
    return pictures and _within(file.labels, 0, classes) and _within(file.top, -1, classes)


def _within(numbers: NDArray[np.int64], low: int, end: int) -> bool:
    return bool(numbers.min() >= low and numbers.max() < end)


def _damaged(path: Path) -> BadInput:
    return BadInput(
        "evaluation_damaged", "{path} is damaged. Delete it and evaluate the run again.", path=str(path)
    )
