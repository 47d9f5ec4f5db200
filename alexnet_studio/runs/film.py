"""conv1 over time: a small file of kernels, dense in the first steps, never larger than 20 MB."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.files import make_folder, read_json, write_json
from alexnet_studio.runs.record_file import RecordFile, Records

LIMIT_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Frame:
    step: int
    epoch: int


class Film:
    """Frames of one shape in `conv1.film`.

    Kernels are stored in half precision: they are looked at, and the checkpoints hold the exact ones.
    """

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._gap = 0  # steps between frames, once the film had to be thinned
        self._last_step: int | None = None  # of what is on the film, once that is known

    def append(self, step: int, epoch: int, kernels: NDArray[np.float32]) -> None:
        """`kernels` (filters, channels, height, width); a frame that the film has no room for is left out, and so is
        one of a step that it has.

        Raises `Failed` ("disk_full", "not_writable") and `BadInput` ("film_damaged").
        """
        if self._last_step is None:
            self._last_step = max((frame.step for frame in self.frames), default=-1)
        if step <= self._last_step or (self._gap and step - self._last_step < self._gap):
            return
        record_type = _record_type(kernels.shape)
        record = np.zeros(1, record_type)
        # Diverging weights overflow half precision; the film shows them as the largest value there is.
        top = float(np.finfo(np.float16).max)
        record["step"], record["epoch"], record["kernels"] = step, epoch, np.clip(kernels, -top, top)
        if not self._data.exists():
            make_folder(self._folder)
            write_json(self._shape_file, {"shape": list(kernels.shape)})
        elif self._data.stat().st_size + record_type.itemsize > self._limit_bytes:
            self._thin()
        RecordFile(self._data, record_type).append(record)
        self._last_step = step

    @property
    def frames(self) -> tuple[Frame, ...]:
        """None while nothing has been filmed. Raises `BadInput` ("film_damaged")."""
        records = self._records()
        return tuple(
            Frame(int(step), int(epoch))
            for step, epoch in zip(records["step"], records["epoch"], strict=True)
        )

    def read(self, index: int) -> NDArray[np.float32]:
        """Frame `index` as (filters, channels, height, width)."""
        return self._records()["kernels"][index].astype(np.float32)

    def shots(self, after: int = -1) -> tuple[tuple[Frame, NDArray[np.float32]], ...]:
        """The frames of later steps than `after`, with their kernels; the file is read once.

        Raises `BadInput` ("film_damaged").
        """
        records = self._records()
        records = records[records["step"] > after]
        return tuple(
            (Frame(int(one["step"]), int(one["epoch"])), one["kernels"].astype(np.float32)) for one in records
        )

    def cut(self, step: int) -> None:
        """Drop the frames after `step` (a resumed run films them again); a damaged film begins anew.

        Raises `Failed` ("disk_full", "not_writable").
        """
        self._last_step = None
        try:
            records = self._records()
        except BadInput:
            RecordFile(self._data, _record_type(())).remove()
        else:
            RecordFile(self._data, records.dtype).replace(records[records["step"] <= step])

    def _thin(self) -> None:
        """Keep half of the frames, at steps that grow like squares: kernels form early and settle late."""
        records = self._records()
        steps = records["step"].astype(np.float64)
        wanted = steps[-1] * np.linspace(0.0, 1.0, max(2, len(records) // 2)) ** 2
        nearest = np.abs(steps[:, None] - wanted[None, :]).argmin(axis=0)
        kept = records[np.unique(nearest)]
        RecordFile(self._data, kept.dtype).replace(kept)
        self._gap = int(kept["step"][-1] - kept["step"][-2])

    def _records(self) -> Records:
        if not self._data.exists():
            return np.zeros(0, _record_type((0, 0, 0, 0)))
        try:
            document: Any = read_json(self._shape_file)
            record_type = _record_type(tuple(int(side) for side in document["shape"]))
            return RecordFile(self._data, record_type).read()
        except (Failed, OSError, ValueError, TypeError, KeyError) as error:
            raise BadInput(
                "film_damaged",
                "The kernels over time in {path} cannot be read. Delete that folder.",
                path=str(self._folder),
            ) from error

    @property
    def _data(self) -> Path:
        return self._folder / "conv1.film"

    @property
    def _shape_file(self) -> Path:
        return self._folder / "conv1.json"


def _record_type(shape: tuple[int, ...]) -> np.dtype[np.void]:
    return np.dtype([("step", "<i8"), ("epoch", "<i8"), ("kernels", "<f2", shape)])
