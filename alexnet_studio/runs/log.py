"""A history as columns of numbers: a million steps are nine arrays, not a million objects."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any, cast

import numpy as np

from alexnet_studio.runs.rows import Row, Step, from_json
from alexnet_studio.runs.table import Floats

STEP_COLUMNS = ("step", "epoch", "loss", "top1", "top5", "k", "lr", "images_per_second", "seconds")
_REQUIRED = itemgetter(*STEP_COLUMNS[:-1])


@dataclass(frozen=True, slots=True)
class Log:
    """`steps` (columns, rows) is read-only, NaN where a row has no `seconds`.

    `others` are the rows that are no steps, each with the number of steps before it; `damaged` are the numbers of the
    lines that are no rows, from 1.
    """

    steps: Floats
    others: tuple[tuple[int, Row], ...] = ()
    damaged: tuple[int, ...] = ()

    def last_step(self) -> Step | None:
        if not self.steps.shape[1]:
            return None
        step, epoch, loss, top1, top5, k, lr, speed, seconds = map(float, self.steps[:, -1])
        known = None if np.isnan(seconds) else seconds
        return Step(int(step), int(epoch), loss, top1, top5, int(k), lr, speed, known)


def parsed(block: bytes, first_line: int = 1) -> Log:
    """The rows of `block`, which is whole lines, the first of them with the number `first_line`."""
    lines = block.split(b"\n")
    del lines[-1]  # nothing, after the last newline
    try:
        # One call for all lines takes a third of the time of one call a line.
        documents: list[Any] = json.loads(b"[" + b",".join(lines) + b"]")
        if len(documents) == len(lines):
            return _log(documents)
    except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
        pass
    return _one_by_one(lines, first_line)


def _log(documents: Iterable[dict[str, Any]]) -> Log:
    steps: list[dict[str, Any]] = []
    others: list[tuple[int, Row]] = []
    for document in documents:
        if document.get("event") == "step":
            steps.append(document)
        else:
            others.append((len(steps), from_json(document)))
    values = np.empty((len(STEP_COLUMNS), len(steps)))
    numbers = cast("Iterable[float]", chain.from_iterable(map(_REQUIRED, steps)))
    values[:-1] = np.fromiter(numbers, np.float64, 8 * len(steps)).reshape(len(steps), 8).T
    seconds = (document.get("seconds") for document in steps)
    values[-1] = np.fromiter((np.nan if one is None else one for one in seconds), np.float64, len(steps))
    return Log(values, tuple(others))


def _one_by_one(lines: list[bytes], first_line: int) -> Log:
    """What can be read of a block with a line that cannot."""
    good: list[dict[str, Any]] = []
    damaged: list[int] = []
    for number, line in enumerate(lines, start=first_line):
        try:
            document: Any = json.loads(line)
            _log([document])
            good.append(document)
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
            damaged.append(number)
    found = _log(good)
    return Log(found.steps, found.others, tuple(damaged))
