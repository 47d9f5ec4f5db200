"""What is kept of every epoch as records of one size, each with a sum by which a damaged one is known."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import numpy as np

from alexnet_studio.ground.files import as_studio_error, make_folder
from alexnet_studio.runs.record_file import RecordFile, Records


class EpochRecords:
    """One record of an epoch or several, in the order of the epochs. `fields`: what stands in each beside its
    "epoch"; `salt` goes into the sums: with another one no record is whole.
    """

    def __init__(self, path: Path, fields: list[Any], salt: bytes = b"") -> None:
        self._type = np.dtype([("epoch", "<i4"), *fields, ("sum", "<u4")])
        self._file = RecordFile(path, self._type, durable=True)
        self._salt = zlib.crc32(salt)

    def blank(self, epoch: int, count: int) -> Records:
        """To be filled and appended."""
        records = np.zeros(count, self._type)
        records["epoch"] = epoch
        return records

    def append(self, records: Records) -> None:
        """Raises `Failed` ("disk_full", "not_writable")."""
        records["sum"] = [self._sum(one) for one in records]
        make_folder(self._file.path.parent)
        self._file.append(records)

    def read(self) -> tuple[Records, int]:
        """The whole ones, and how many are damaged. Raises OSError."""
        records = self._file.read()
        sound = np.array([self._sum(one) == one["sum"] for one in records], np.bool_)
        return records[sound], int((~sound).sum())

    def cut(self, epoch: int) -> None:
        """Drop what is damaged, and the epochs after `epoch`: a resumed run keeps them again.

        Raises `Failed` ("disk_full", "not_writable").
        """
        try:
            records, damaged = self.read()
        except OSError as error:
            raise as_studio_error(error, self._file.path) from error
        kept = records[records["epoch"] <= epoch]
        if damaged or len(kept) < len(records):
            self._file.replace(kept)

    def remove(self) -> None:
        """Raises `Failed` ("disk_full", "not_writable")."""
        self._file.remove()

    def _sum(self, record: Any) -> int:
        return zlib.crc32(record.tobytes()[:-4], self._salt)
