"""`pins/`: images that a training is asked to look at again after each epoch, and what it saw.

`<key>.npy` is what the network is given of a pinned image, so that the file itself is not needed again; which images
are pinned when stands in `changes.json`. `answers.epochs` has a record for each of them and each epoch, and
`thumbnails.epochs` the training images that were near, once each, at the first epoch that they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import write_atomic
from alexnet_studio.runs import changes
from alexnet_studio.runs.epoch_records import EpochRecords
from alexnet_studio.runs.features import THUMBNAIL_PX
from alexnet_studio.runs.folder import RunFolder

MOST = 6
NEAR = 6
TOP = 5
_MOST_THUMBNAILS = 1_000  # 12 MB
_ANSWERS, _THUMBNAILS = "answers.epochs", "thumbnails.epochs"

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Pin:
    """`image`: relative to the data root where it lies there, else a whole path. `key` names its view's file."""

    image: str
    key: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What the network made of a pinned image at the end of an epoch.

    `top`: its most probable classes with their probabilities, min(5, classes), best first. `near`: the training images
    nearest in the last hidden layer, itself left out, as places in `run.json`'s list, with their distances, nearest
    first; `searched` is the number of training images that were compared.
    """

    epoch: int
    key: str
    top: tuple[tuple[int, float], ...]
    near: tuple[tuple[int, float], ...]
    searched: int


def require_few(count: int) -> None:
    """Raises `BadInput` ("too_many_pins")."""
    if count > MOST:
        raise BadInput(
            "too_many_pins",
            "At most {most} images can be pinned. Name fewer, or unpin one first.",
            most=MOST,
        )


def pinned(run: Path, step: int | None = None) -> tuple[Pin, ...]:
    """The images that are pinned after `step` updates, by default now. Raises `BadInput` ("changes_damaged")."""
    held: dict[str, Pin] = {}
    for change in changes.read(run):
        if step is not None and change.step > step:
            break
        if change.kind == "pin":
            held[change.key] = Pin(change.image, change.key)
        elif change.kind == "unpin":
            held.pop(change.key, None)
    return tuple(held.values())


def ever_pinned(run: Path) -> tuple[Pin, ...]:
    """Also those that were unpinned meanwhile. Raises `BadInput` ("changes_damaged")."""
    found = {one.key: Pin(one.image, one.key) for one in changes.read(run) if one.kind == "pin"}
    return tuple(found.values())


def write_view(run: RunFolder, image: str, view: Pixels) -> Pin:
    """`view` (S, S, C): the pixels that the network is given. Raises `Failed` ("disk_full", "not_writable")."""
    pin = Pin(image, _key(image, view))
    write_atomic(run.pins / f"{pin.key}.npy", lambda file: np.save(file, view, allow_pickle=False))
    return pin


def read_view(run: RunFolder, pin: Pin) -> Pixels:
    """(S, S, C). Raises `BadInput` ("pin_damaged") for one that is missing or no longer what was pinned."""
    path = run.pins / f"{pin.key}.npy"
    try:
        with path.open("rb") as file:
            view: Pixels = np.load(file, allow_pickle=False)
        if _key(pin.image, view) == pin.key:
            return view
    except (OSError, ValueError, EOFError):
        pass
    raise BadInput(
        "pin_damaged",
        "What was pinned of {image} is damaged in {path}, and is not looked at any more. Unpin it and pin it again.",
        image=pin.image,
        path=str(path),
    )


class PinRecords:
    """What was seen of pinned images in each epoch, and small pictures of what was near them."""

    def __init__(self, run: RunFolder) -> None:
        self._path = run.pins
        near = [("near", "<i4", (NEAR,)), ("distances", "<f8", (NEAR,))]
        top = [("top", "<i4", (TOP,)), ("shares", "<f8", (TOP,))]
        self._answers = EpochRecords(run.pins / _ANSWERS, [("key", "S16"), ("searched", "<i4"), *top, *near])
        side = (THUMBNAIL_PX, THUMBNAIL_PX, 3)
        self._thumbnails = EpochRecords(run.pins / _THUMBNAILS, [("row", "<i4"), ("pixels", "u1", side)])

    def append(self, epoch: int, looked: Sequence[Looked]) -> None:
        """All that was seen in an epoch, the next one. Raises `Failed` ("disk_full", "not_writable")."""
        records = self._answers.blank(epoch, len(looked))
        records["top"] = records["near"] = -1
        for record, one in zip(records, looked, strict=True):
            record["key"], record["searched"] = one.key.encode(), one.searched
            for place, (label, share) in enumerate(one.top):
                record["top"][place], record["shares"][place] = label, share
            for place, (row, distance) in enumerate(one.near):
                record["near"][place], record["distances"][place] = row, distance
        self._answers.append(records)

    def append_thumbnails(self, epoch: int, thumbnails: dict[int, Pixels]) -> None:
        """(64, 64, 3) of training images that have none yet. Raises `Failed` ("disk_full", "not_writable")."""
        if thumbnails:
            records = self._thumbnails.blank(epoch, len(thumbnails))
            records["row"] = list(thumbnails)
            records["pixels"] = np.stack(list(thumbnails.values()))
            self._thumbnails.append(records)

    def read(self) -> tuple[Looked, ...]:
        """Everything, in the order of the epochs; what is damaged is left out. Raises `BadInput` ("pins_damaged")."""
        try:
            records, _ = self._answers.read()
        except OSError as error:
            raise self._unreadable() from error
        return tuple(
            Looked(
                int(record["epoch"]),
                record["key"].decode("ascii", "replace"),
                _pairs(record["top"], record["shares"]),
                _pairs(record["near"], record["distances"]),
                int(record["searched"]),
            )
            for record in records
        )

    def thumbnails(self) -> dict[int, Pixels]:
        """By the places of the training images. Raises `BadInput` ("pins_damaged")."""
        try:
            records, _ = self._thumbnails.read()
        except OSError as error:
            raise self._unreadable() from error
        return {int(record["row"]): record["pixels"] for record in records}

    def cut(self, epoch: int) -> None:
        """Drop the epochs after `epoch`, and what is damaged. Raises `Failed` ("disk_full", "not_writable")."""
        self._answers.cut(epoch)
        self._thumbnails.cut(epoch)

    def _unreadable(self) -> BadInput:
        return BadInput(
            "pins_damaged",
            "What was seen of the pinned images cannot be read from {path}. Check its permissions, or delete that "
            "folder; the rest of the run is whole.",
            path=str(self._path),
        )


def wants_thumbnail(known: int) -> bool:
    """Whether there is room for one more beside so many."""
    return known < _MOST_THUMBNAILS


def _pairs(numbers: NDArray[np.int32], values: NDArray[np.float64]) -> tuple[tuple[int, float], ...]:
    return tuple(
        (int(number), float(value)) for number, value in zip(numbers, values, strict=True) if number >= 0
    )


def _key(image: str, view: Pixels) -> str:
    told = f"{image}\0{view.shape}\0".encode("utf-8", "surrogateescape")
    return hashlib.blake2b(told + view.tobytes(), digest_size=8).hexdigest()
