"""`answers/`: which class the network gave to each validation image at the end of each epoch.

`labels.npy` holds the images' own classes, in the order of the validation images of `run.json`; `validation.epochs` a
record for each epoch: the class of each image (2 bytes, 4 where there are more than 65,534 classes), and a bit that
says whether its own was among the first k = min(5, classes). 90 epochs of ImageNet's 50,000 images take 9.6 MB.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error, write_atomic
from alexnet_studio.runs.epoch_records import EpochRecords
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.record_file import Records

_LABELS, _EPOCHS = "labels.npy", "validation.epochs"
_FEW = np.iinfo(np.uint16).max  # what 2 bytes can tell apart, one being none


@dataclass(frozen=True, slots=True, eq=False)
class EpochAnswers:
    """Row i is the i-th validation image. `guesses` (images,) int64: the class it was given, -1 where it was not judged
    (its file could not be read). `among` (images,) bool: its own class was among the first k.
    """

    epoch: int
    labels: NDArray[np.int64]
    guesses: NDArray[np.int64]
    among: NDArray[np.bool_]


class Answers:
    """The trainer's side. Every method raises `Failed` ("disk_full", "not_writable")."""

    def __init__(self, run: RunFolder) -> None:
        self._folder = run.answers
        self._records: EpochRecords | None = None

    def append(self, answers: EpochAnswers, classes: int) -> None:
        """Of the next epoch; what lies there of other images goes."""
        if self._records is None:
            self._records = self._begun(_coded(answers.labels, classes))
        record = self._records.blank(answers.epoch, 1)
        record["guesses"] = np.where(answers.guesses < 0, _none(record), answers.guesses)
        record["among"] = np.packbits(answers.among)
        self._records.append(record)

    def cut(self, epoch: int) -> None:
        """Drop the epochs after `epoch`, and what is damaged."""
        self._records = None
        try:
            records = _records_of(self._folder)
        except (FileNotFoundError, ValueError):  # `append` begins anew
            return
        except OSError as error:
            raise as_studio_error(error, self._folder) from error
        records.cut(epoch)

    def _begun(self, labels: NDArray[Any]) -> EpochRecords:
        records = _records(self._folder, labels)
        try:
            kept = _labels(self._folder)
            known = kept.dtype == labels.dtype and np.array_equal(kept, labels)
        except (OSError, ValueError):
            known = False
        if not known:
            records.remove()
            write_atomic(self._folder / _LABELS, lambda file: np.save(file, labels, allow_pickle=False))
        return records


class KeptAnswers:
    """What a run has kept, as it was when this was made. `epochs` are those that can be asked for."""

    def __init__(self, run: RunFolder) -> None:
        """Raises `BadInput` ("answers_damaged"); nothing kept is no damage."""
        self._folder = run.answers
        self._classes = len(run.record.classes)
        self._labels = np.zeros(0, np.int64)
        self._rows: Records | None = None
        self._damaged = 0
        try:
            self._labels = _labels(self._folder).astype(np.int64)
            self._rows, self._damaged = _records_of(self._folder).read()
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            raise self._unreadable() from error
        if self._rows is not None:
            if not self._is_of(run):
                raise self._unreadable()
            guesses = self._rows["guesses"]
            strange = ((guesses >= self._classes) & (guesses != _none(self._rows))).any(axis=1)
            self._rows, self._damaged = self._rows[~strange], self._damaged + int(strange.sum())
        self.epochs = () if self._rows is None else tuple(map(int, self._rows["epoch"]))

    def of(self, epoch: int) -> EpochAnswers:
        """Raises `BadInput` ("epoch_damaged", "epoch_not_kept")."""
        if self._rows is None or epoch not in self.epochs:
            raise self._missing(epoch)
        row = self._rows[self.epochs.index(epoch)]
        guesses = row["guesses"].astype(np.int64)
        guesses[row["guesses"] == _none(self._rows)] = -1
        among = np.unpackbits(row["among"], count=len(self._labels)).astype(np.bool_)
        return EpochAnswers(epoch, self._labels, guesses, among)

    def _is_of(self, run: RunFolder) -> bool:
        whole = len(self._labels) == len(run.record.split.val)
        return whole and int(self._labels.max(initial=-1)) < self._classes

    def _unreadable(self) -> BadInput:
        return BadInput(
            "answers_damaged",
            "The answers of each epoch in {path} cannot be read. Delete that folder; the rest of the run is whole.",
            path=str(self._folder),
        )

    def _missing(self, epoch: int) -> BadInput:
        if self._damaged:
            return BadInput(
                "epoch_damaged",
                "What was answered in epoch {epoch} cannot be read: {path} is damaged there. Choose another epoch.",
                epoch=epoch,
                path=str(self._folder / _EPOCHS),
            )
        there = f"from {self.epochs[0]} to {self.epochs[-1]}" if self.epochs else "none yet"
        return BadInput(
            "epoch_not_kept",
            "The answers of epoch {epoch} are not in {path}. Choose one that is kept there: {there}.",
            epoch=epoch,
            path=str(self._folder),
            there=there,
        )


def _coded(labels: NDArray[np.int64], classes: int) -> NDArray[Any]:
    return labels.astype("<u2" if classes < _FEW else "<u4")


def _none(records: Records) -> int:
    return int(np.iinfo(records["guesses"].dtype).max)


def _labels(folder: Path) -> NDArray[Any]:
    """Raises OSError, and ValueError for a file that holds something else."""
    with (folder / _LABELS).open("rb") as file:
        try:
            labels: NDArray[Any] = np.load(file, allow_pickle=False)
        except EOFError as error:
            raise ValueError(str(error)) from error
    if labels.ndim != 1 or labels.dtype not in {np.dtype("<u2"), np.dtype("<u4")}:
        raise ValueError("no labels")
    return labels


def _records_of(folder: Path) -> EpochRecords:
    return _records(folder, _labels(folder))


def _records(folder: Path, labels: NDArray[Any]) -> EpochRecords:
    fields = [("guesses", labels.dtype.str, (len(labels),)), ("among", "u1", (-(-len(labels) // 8),))]
    # A label that has changed makes every record a damaged one.
    return EpochRecords(folder / _EPOCHS, fields, labels.tobytes())
