"""How a run did on its validation images at the end of an epoch that is past, from the answers that it kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.insight.per_class import ClassScore, confusion, scores_of
from alexnet_studio.runs.answers import EpochAnswers


@dataclass(frozen=True, slots=True, eq=False)
class EpochScores:
    """`cells` (classes, classes): how many images of the row's class were taken for the column's. `top1` and `top5`
    (the first min(5, classes)) are accuracies in 0..1 over `images`, those that were judged; NaN without any.
    """

    epoch: int
    images: int
    top1: float
    top5: float
    cells: NDArray[np.int64]
    classes: tuple[ClassScore, ...]


def scored(answers: EpochAnswers, classes: int) -> EpochScores:
    """`classes` is the number of them. Images that were not judged count nowhere."""
    judged = answers.guesses >= 0
    labels, guesses, among = answers.labels[judged], answers.guesses[judged], answers.among[judged]
    cells = confusion(labels, guesses, classes)
    return EpochScores(
        answers.epoch,
        len(labels),
        float((labels == guesses).mean()) if len(labels) else float("nan"),
        float(among.mean()) if len(labels) else float("nan"),
        cells,
        scores_of(labels, guesses, among, classes, cells),
    )
