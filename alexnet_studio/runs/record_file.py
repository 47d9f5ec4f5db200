"""Records of one size in a file, so that appending is one write and what a crash tore off half is ignored."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.files import as_studio_error, write_atomic

Records = NDArray[np.void]


class RecordFile:
    """One writer appends to `path`; any number of readers may read meanwhile. `durable`: an append is on the disk
    when it returns, and not only with the system.
    """

    def __init__(self, path: Path, record_type: np.dtype[np.void], *, durable: bool = False) -> None:
        self.path = path
        self._type = record_type
        self._durable = durable
        self._sound: int | None = None  # bytes, where an append failed: what stands behind may be part of it

    def append(self, records: Records) -> None:
        """All of them, or, once a later call has succeeded, none. Raises `Failed` ("disk_full", "not_writable")."""
        ops, size = file_ops.current(), self._type.itemsize
        try:
            with ops.open(self.path, "ab") as file:
                end = file.tell()
                self._sound = min(end, end if self._sound is None else self._sound) // size * size
                file.truncate(self._sound)
                file.write(records.tobytes())
                if self._durable:
                    file.flush()
                    ops.fsync(file)
            self._sound = None
        except OSError as error:
            raise as_studio_error(error, self.path) from error

    def read(self) -> Records:
        """All whole records; none where there is no file. Raises OSError."""
        if not self.path.exists():
            return np.zeros(0, self._type)
        with file_ops.current().open_to_read(self.path) as file:
            content = file.read()
        return np.frombuffer(content, self._type, count=len(content) // self._type.itemsize)

    def replace(self, records: Records) -> None:
        """Nothing is written where there is no file. Raises `Failed` ("disk_full", "not_writable")."""
        self._sound = None
        if self.path.exists():
            write_atomic(self.path, lambda file: file.writelines([records.tobytes()]))

    def remove(self) -> None:
        """Raises `Failed` ("disk_full", "not_writable")."""
        self._sound = None
        try:
            if self.path.exists():
                file_ops.current().remove(self.path)
        except OSError as error:
            raise as_studio_error(error, self.path) from error
