"""Several runs of one group as one result: over seeds a mean and its spread, over folds every image once."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.insight.interval import wilson
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.catalogue import RunSummary, summary


@dataclass(frozen=True, slots=True)
class Part:
    run: RunSummary
    val_images: int


@dataclass(frozen=True, slots=True)
class Pooled:
    """Of the best epoch of each of `parts` that has one. `mean` and `sd` (of n - 1) are over the runs; `right` of
    `images` are over all validation images, `low` and `high` the 95 % interval of that share.
    """

    parts: tuple[Part, ...]
    mean: float | None
    sd: float | None
    right: int
    images: int
    low: float
    high: float


def pooled(runs: Sequence[Path]) -> Pooled:
    """Raises `BadInput` ("not_a_run")."""
    return together([Part(summary(run), len(run_folder.open(run).record.split.val)) for run in runs])


def together(parts: Sequence[Part]) -> Pooled:
    judged = [(one.run.best_val_top1, one.val_images) for one in parts]
    shares = [share for share, _ in judged if share is not None]
    right = sum(round(share * count) for share, count in judged if share is not None)
    images = sum(count for share, count in judged if share is not None)
    low, high = wilson(right, images)
    return Pooled(
        tuple(parts),
        statistics.fmean(shares) if shares else None,
        statistics.stdev(shares) if len(shares) > 1 else None,
        right,
        images,
        low,
        high,
    )
