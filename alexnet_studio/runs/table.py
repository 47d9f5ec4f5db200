"""Named columns of numbers that grow by rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Table:
    """One array that doubles when it is full. What was handed out stays valid and never changes."""

    def __init__(self, columns: tuple[str, ...], values: Floats | None = None) -> None:
        """`values` (columns, rows) are taken over, not copied."""
        self.columns = columns
        self._values = np.empty((len(columns), 256)) if values is None else values
        self._count = 0 if values is None else values.shape[1]

    def append(self, row: Sequence[float]) -> None:
        self._make_room(1)
        self._values[:, self._count] = row
        self._count += 1

    def extend(self, values: Floats) -> None:
        """`values` (columns, rows)."""
        rows = values.shape[1]
        self._make_room(rows)
        self._values[:, self._count : self._count + rows] = values
        self._count += rows

    def cut(self, value: float) -> None:
        """Drop the rows whose first column, which ascends, is beyond `value`.

        Into a new array: what was handed out is still being drawn.
        """
        self._count = int(np.searchsorted(self._values[0, : self._count], value, side="right"))
        self._values = self._values[:, : self._count].copy()

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, column: str) -> Floats:
        return self.all()[self.columns.index(column)]

    def all(self) -> Floats:
        """(columns, rows), read-only."""
        view = self._values[:, : self._count]
        view.flags.writeable = False
        return view

    def _make_room(self, rows: int) -> None:
        if self._count + rows > self._values.shape[1]:
            larger = np.empty((len(self.columns), max(256, 2 * self._values.shape[1], self._count + rows)))
            larger[:, : self._count] = self._values[:, : self._count]
            self._values = larger
