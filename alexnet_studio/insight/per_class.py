"""What a network takes for what: the confusion matrix, each class' numbers, and the mistakes it is surest of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.runs.evaluations import EvaluationFile


@dataclass(frozen=True, slots=True)
class ClassScore:
    """One class, all in 0..1. Its accuracy is its recall: the share of its images that were right.

    All but `images` are None for a class without images, of which nothing is known; `precision` also where no image
    was taken for the class. `taken_for` is the class that its images are most often mistaken for, -1 for none.
    """

    label: int
    images: int
    recall: float | None
    top5: float | None
    precision: float | None
    f1: float | None
    taken_for: int = -1


def confusion(labels: NDArray[np.int64], guesses: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """(classes, classes): how many images of the row's class were taken for the column's. A guess of -1 is none."""
    known = guesses >= 0
    cells = labels[known] * classes + guesses[known]
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def class_scores(file: EvaluationFile) -> tuple[ClassScore, ...]:
    """In the order of the classes."""
    return scores_of(file.labels, file.guesses, file.ranks < file.k, len(file.classes))


def scores_of(
    labels: NDArray[np.int64],
    guesses: NDArray[np.int64],
    first_k: NDArray[np.bool_],
    count: int,
    cells: NDArray[np.int64] | None = None,
) -> tuple[ClassScore, ...]:
    """Of images (N,) of `count` classes; `first_k`: whether an image's own class was among the first k. `cells` is
    their confusion matrix, where that is known already.
    """
    cells = confusion(labels, guesses, count) if cells is None else cells
    images = np.bincount(labels, minlength=count)
    among = np.bincount(labels[first_k], minlength=count)
    right, taken = cells.diagonal(), cells.sum(axis=0)
    wrong = cells.copy()
    np.fill_diagonal(wrong, 0)
    taken_for = wrong.argmax(axis=1)
    taken_for[wrong[np.arange(count), taken_for] == 0] = -1
    columns = (images, among, right, taken, taken_for)
    numbers = zip(*(column.tolist() for column in columns), strict=True)
    return tuple(_score(label, *row) for label, row in enumerate(numbers))


def _score(label: int, images: int, among: int, right: int, taken: int, taken_for: int) -> ClassScore:
    if images == 0:
        return ClassScore(label, 0, None, None, None, None)
    return ClassScore(
        label,
        images,
        right / images,
        among / images,
        right / taken if taken else None,
        2 * right / (images + taken),
        taken_for,
    )


def hardest(scores: tuple[ClassScore, ...]) -> tuple[ClassScore, ...]:
    """Classes that have images, the one with the smallest share of right ones first; of equal ones the larger."""
    known = [score for score in scores if score.recall is not None]
    return tuple(sorted(known, key=lambda score: (score.recall or 0.0, -score.images)))


def mistakes(file: EvaluationFile) -> NDArray[np.int64]:
    """Rows of the images that were taken for another class, the one that the network was surest of first."""
    wrong = np.flatnonzero(file.guesses != file.labels)
    return wrong[np.argsort(-file.sureness[wrong], kind="stable")]


def in_cell(file: EvaluationFile, truth: int | None, guess: int | None) -> NDArray[np.int64]:
    """Rows of the images of class `truth` that were taken for `guess`, surest first; None is any class."""
    kept = np.ones(len(file.labels), dtype=np.bool_)
    if truth is not None:
        kept &= file.labels == truth
    if guess is not None:
        kept &= file.guesses == guess
    rows = np.flatnonzero(kept)
    return rows[np.argsort(-file.sureness[rows], kind="stable")]


def balanced(scores: tuple[ClassScore, ...]) -> float | None:
    """The mean accuracy of the classes that have images; None when none has."""
    known = [score.recall for score in scores if score.recall is not None]
    return sum(known) / len(known) if known else None
