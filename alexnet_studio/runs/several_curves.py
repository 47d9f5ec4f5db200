"""Curves of several runs beside each other, and of runs that differ only in their seed as a mean with a band."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from alexnet_studio.runs.curves import Axis, Curves
from alexnet_studio.runs.table import Floats

if TYPE_CHECKING:  # pydantic, which who only draws does not need
    from alexnet_studio.runs.record import RunRecord

_OF_A_SITTING = ("seed", "device", "workers")  # recipe fields that do not change what is learned


@dataclass(frozen=True, slots=True)
class Band:
    """At each x the mean of several runs, and the lowest and the highest of them; NaN where one has no value.

    The range, not a deviation: three seeds have no deviation worth the name.
    """

    x: Floats
    mean: Floats
    low: Floats
    high: Floats


def group_of(record: RunRecord) -> str:
    """The same text for runs that differ in nothing but their seed, and where and when they were trained."""
    recipe = {name: value for name, value in record.recipe.items() if name not in _OF_A_SITTING}
    return json.dumps([record.network, record.input, recipe, record.classes], sort_keys=True)


def aligned(runs: Sequence[Curves], column: str) -> tuple[Floats, Floats]:
    """(epochs,) that all of `runs` have finished, and (runs, epochs) of `column` at their ends."""
    ends = [run.epochs["epoch"] for run in runs]
    shared: Floats = reduce(np.intersect1d, ends) if ends else np.empty(0)
    values = [run.epochs[column][np.searchsorted(end, shared)] for run, end in zip(runs, ends, strict=True)]
    return shared, np.stack(values) if values else np.empty((0, 0))


def band(runs: Sequence[Curves], column: str, axis: Axis) -> Band:
    """`x` is the mean of the runs' places on `axis`: their epochs may have other lengths and take other times."""
    _, values = aligned(runs, column)
    _, steps = aligned(runs, "step")
    places = (run.place(own, axis) for run, own in zip(runs, steps, strict=True))
    known = [place for place in places if place is not None]
    if not values.size or len(known) < len(runs):
        none = np.empty(0)
        return Band(none, none, none, none)
    return Band(np.mean(known, axis=0), values.mean(axis=0), values.min(axis=0), values.max(axis=0))
