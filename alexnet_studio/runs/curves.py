"""The six curves of a run, made from its rows: they grow while it trains, and are drawn without copying."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.runs.rows import Epoch, Row, Step

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]  # x in steps, y


class Series:
    """Points (x, y) in one array that doubles when it is full. What was handed out stays valid and never changes."""

    def __init__(self) -> None:
        self._points = np.empty((2, 256))
        self._count = 0

    def append(self, x: float, y: float) -> None:
        if self._count == self._points.shape[1]:
            larger = np.empty((2, self._count * 2))
            larger[:, : self._count] = self._points
            self._points = larger
        self._points[:, self._count] = (x, y)
        self._count += 1

    def cut(self, x: float) -> None:
        """Drop the points beyond `x`. Into a new array: what was handed out is still being drawn."""
        self._count = int(np.searchsorted(self._points[0, : self._count], x, side="right"))
        self._points = self._points.copy()

    def __len__(self) -> int:
        return self._count

    @property
    def curve(self) -> Curve:
        x, y = self._points[:, : self._count]
        x.flags.writeable = False
        y.flags.writeable = False
        return x, y


class Curves:
    """Loss, and top-1 and top-k error in 0..1, over steps, for training and validation."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.loss_train, self.loss_val = Series(), Series()
        self.top1_train, self.top1_val = Series(), Series()
        self.top5_train, self.top5_val = Series(), Series()
        self.k = 5
        for row in rows:
            self.add(row)

    def cut(self, step: int) -> None:
        """A resumed run does the steps after its checkpoint again."""
        train, val = (
            (self.loss_train, self.top1_train, self.top5_train),
            (self.loss_val, self.top1_val, self.top5_val),
        )
        for series in (*train, *val):
            series.cut(step)

    def add(self, row: Row) -> None:
        if isinstance(row, Step):
            self.k = row.k
            self.loss_train.append(row.step, row.loss)
            self.top1_train.append(row.step, 1 - row.top1)
            self.top5_train.append(row.step, 1 - row.top5)
        elif isinstance(row, Epoch) and row.val_loss is not None:
            self.loss_val.append(row.step, row.val_loss)
            self.top1_val.append(row.step, _error(row.val_top1))
            self.top5_val.append(row.step, _error(row.val_top5))


def _error(accuracy: float | None) -> float:
    return float("nan") if accuracy is None else 1 - accuracy
