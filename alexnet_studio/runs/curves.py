"""The curves of a run, made from its rows or from its log: they grow while it trains, and are drawn without copying."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from alexnet_studio.runs.log import Log
from alexnet_studio.runs.rows import Epoch, Layers, Note, Row, Started, Step
from alexnet_studio.runs.table import Floats, Table

Curve = tuple[Floats, Floats]  # x, y
Axis = Literal["step", "epoch", "time"]
LayerSize = Literal["weight", "update", "gradient", "ratio"]
AXES: tuple[Axis, ...] = ("step", "epoch", "time")

_STEPS = ("step", "loss", "top1", "top5", "lr", "speed", "seconds")
_EPOCHS = (
    *("step", "epoch", "seconds", "train_loss", "train_top1", "train_top5"),
    *("val_loss", "val_top1", "val_top5", "val_balanced"),
)


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a step."""

    step: int
    text: str


class Curves:
    """Loss, top-1 and top-k error in 0..1, learning rate and images a second at the logged steps; loss and errors of
    training and validation at the end of each epoch.

    `steps` has the columns step, loss, top1, top5, lr, speed, seconds; `epochs` those of `_EPOCHS`, where `top1` and
    its kin are errors here. `marks` are the notes, `layers` the updates whose layers were measured.
    """

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self.steps = Table(_STEPS)
        self.epochs = Table(_EPOCHS)
        self.marks: tuple[Mark, ...] = ()
        self.layers: list[Layers] = []
        self.k = 5
        self.steps_per_epoch = 0
        self._places: dict[Axis, tuple[object, Floats]] = {}
        for row in rows:
            self.add(row)

    @classmethod
    def of(cls, log: Log) -> Self:
        made = cls(row for _, row in log.others)
        if log.steps.shape[1]:
            step, _, loss, top1, top5, k, lr, speed, seconds = log.steps
            made.steps = Table(_STEPS, np.stack((step, loss, 1 - top1, 1 - top5, lr, speed, seconds)))
            made.k = int(k[-1])
        return made

    def add(self, row: Row) -> None:
        if isinstance(row, Step):
            self.k = row.k
            seconds = np.nan if row.seconds is None else row.seconds
            self.steps.append(
                (row.step, row.loss, 1 - row.top1, 1 - row.top5, row.lr, row.images_per_second, seconds)
            )
        elif isinstance(row, Epoch):
            self.epochs.append(_of_epoch(row))
        elif isinstance(row, Note):
            self.marks += (Mark(row.step, row.sentence),)
        elif isinstance(row, Layers):
            self.layers.append(row)
        elif isinstance(row, Started):
            self.k, self.steps_per_epoch = row.k, row.steps_per_epoch

    def cut(self, step: int) -> None:
        """A resumed run does the steps after its checkpoint again."""
        self.steps.cut(step)
        self.epochs.cut(step)
        self.marks = tuple(mark for mark in self.marks if mark.step <= step)
        self.layers = [row for row in self.layers if row.step <= step]

    def of_steps(self, column: str, axis: Axis = "step") -> Curve:
        """A column of the logged steps over `axis`: steps, epochs or seconds. Nothing where `axis` is not known."""
        x = self._at_steps(axis)
        return (np.empty(0), np.empty(0)) if x is None else (x, self.steps[column])

    def of_epochs(self, column: str, axis: Axis = "step") -> Curve:
        """A column of the ends of the epochs; NaN where it has none."""
        x = self.place(self.epochs["step"], axis)
        return (np.empty(0), np.empty(0)) if x is None else (x, self.epochs[column])

    def of_layers(self, size: LayerSize, axis: Axis = "step") -> dict[str, Curve]:
        """The mean absolute weight, update or gradient of each layer, in the network's order; "ratio" is update over
        weight. NaN where it is 0 (a frozen layer), which a logarithmic axis cannot show.
        """
        x = self.place(np.array([float(row.step) for row in self.layers]), axis)
        if x is None or not self.layers:
            return {}
        return {
            name: (x, np.array([_size(row.layers.get(name, {}), size) for row in self.layers]))
            for name in self.layers[-1].layers
        }

    def knows(self, axis: Axis) -> bool:
        """Logs of older versions have no time until an epoch has ended."""
        if axis == "epoch":
            return self.steps_per_epoch > 0
        return axis == "step" or len(self.epochs) > 0 or not len(self.steps) or self._all_timed()

    def place(self, steps: Floats, axis: Axis) -> Floats | None:
        """Where `steps` lie on `axis`; None where that is not known."""
        if axis == "step":
            return steps
        if not self.knows(axis):
            return None
        if axis == "epoch":
            return steps / self.steps_per_epoch
        at_steps = self._at_steps("time")
        if at_steps is None or not len(at_steps):
            return np.interp(steps, *self._ends_of_epochs())
        return np.interp(steps, np.append(0.0, self.steps["step"]), np.append(0.0, at_steps))

    @property
    def seconds(self) -> float:
        """Trained so far, as far as the rows know."""
        at_steps = self._at_steps("time")
        last = float(at_steps[-1]) if at_steps is not None and len(at_steps) else 0.0
        return max(last, float(self._ends_of_epochs()[1][-1]) if not self._all_timed() else 0.0)

    def _at_steps(self, axis: Axis) -> Floats | None:
        """Kept until there are more steps: a million divisions are too slow for every look at the curves."""
        if axis == "step":
            return self.steps["step"]
        if not self.knows(axis):
            return None
        key = (len(self.steps), len(self.epochs), self.steps_per_epoch)
        held = self._places.get(axis)
        if held is None or held[0] != key:
            steps = self.steps["step"]
            held = (key, steps / self.steps_per_epoch if axis == "epoch" else self._times(steps))
            self._places[axis] = held
        return held[1]

    def _times(self, steps: Floats) -> Floats:
        """Seconds at the logged steps. Where the rows lack them they are put between the ends of the epochs, whose
        seconds are known, and beyond the last end at the last epoch's pace.
        """
        seconds = self.steps["seconds"]
        if self._all_timed():
            return seconds
        ends, totals = self._ends_of_epochs()
        guessed = np.interp(steps, ends, totals)
        if len(ends) > 1:
            pace = (totals[-1] - totals[-2]) / max(1.0, ends[-1] - ends[-2])
            guessed += pace * np.maximum(0.0, steps - ends[-1])
        return np.maximum.accumulate(np.where(np.isfinite(seconds), seconds, guessed))

    def _all_timed(self) -> bool:
        # An old log lacks the seconds from its first row on.
        return len(self.steps) > 0 and bool(np.isfinite(self.steps["seconds"][0]))

    def _ends_of_epochs(self) -> tuple[Floats, Floats]:
        """Steps and seconds so far at the ends of the epochs, the beginning first."""
        return (
            np.append(0.0, self.epochs["step"]),
            np.append(0.0, np.cumsum(self.epochs["seconds"])),
        )


def _of_epoch(row: Epoch) -> tuple[float, ...]:
    return (
        *(row.step, row.epoch, row.seconds, row.train_loss, 1 - row.train_top1, 1 - row.train_top5),
        np.nan if row.val_loss is None else row.val_loss,
        *map(_error, (row.val_top1, row.val_top5, row.val_balanced)),
    )


def _size(measured: dict[str, float], size: LayerSize) -> float:
    if size == "ratio":
        weight = measured.get("weight", 0.0)
        found = measured.get("update", 0.0) / weight if weight else 0.0
    else:
        found = measured.get(size, 0.0)
    return found or np.nan


def _error(accuracy: float | None) -> float:
    return np.nan if accuracy is None else 1 - accuracy
