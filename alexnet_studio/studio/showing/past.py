"""What the Evaluation panel shows of an epoch that is past."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.showing.data import editing
from alexnet_studio.studio.showing.evaluation_numbers import NOTHING, score_rows
from alexnet_studio.studio.state.evaluation import Listing
from alexnet_studio.studio.state.past import EpochSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.evaluation import (
    CalibrationView,
    EvaluationView,
    ListView,
    MatrixView,
    ScoreRow,
)

if TYPE_CHECKING:
    from alexnet_studio.insight.epoch_answers import EpochScores

LISTED = 500  # of one epoch among many: it changes with every pixel that the curve is dragged


def at_epoch(state: State, view: EvaluationView, seen: EpochSeen) -> EvaluationView:
    """`view` with the numbers of that epoch in the place of the newest weights'."""
    names = () if state.run is None else state.run.class_names
    unsure = QCoreApplication.translate("Evaluation", "How sure it was is not kept of earlier epochs.")
    return replace(
        view,
        empty=None,
        title=_title(seen),
        outdated="",
        numbers=_numbers(seen, len(names)),
        rows=_rows(seen.scores, names),
        matrix=MatrixView(-seen.number, names, seen.scores.cells),
        calibration=CalibrationView(threshold=state.evaluation.threshold, unsure=unsure),
        images=_images(state, seen, names),
    )


def listed(seen: EpochSeen, listing: Listing, val_paths: Sequence[str], names: Sequence[str]) -> EpochSeen:
    """With the images of `listing`, a cell of the matrix or all mistakes, in the order of the validation images."""
    answers = seen.answers
    kept = answers.guesses >= 0
    if listing.kind == "cell":
        if listing.truth is not None:
            kept &= answers.labels == listing.truth
        if listing.guess is not None:
            kept &= answers.guesses == listing.guess
    else:
        listing = Listing()
        kept &= answers.guesses != answers.labels
    rows = [int(row) for row in np.flatnonzero(kept)[:LISTED] if row < len(val_paths)]
    mistaken = QCoreApplication.translate("Evaluation", "{guess}, is {truth}")
    captions: dict[str, str] = {}
    for row in rows:
        guess, truth = names[int(answers.guesses[row])], names[int(answers.labels[row])]
        captions[val_paths[row]] = truth if guess == truth else mistaken.format(guess=guess, truth=truth)
    images = tuple(captions)
    return replace(seen, listing=listing, images=images, captions=captions, version=seen.version + 1)


def _title(seen: EpochSeen) -> str:
    text = QCoreApplication.translate(
        "Evaluation", "{images} validation images · centre view · epoch {epoch}"
    )
    title = text.format(images=wording.count(seen.scores.images), epoch=wording.count(seen.scores.epoch))
    left_out = len(seen.answers.guesses) - seen.scores.images
    if left_out:
        more = QCoreApplication.translate("Evaluation", "{n} left out: they cannot be decoded")
        title = f"{title} · {more.format(n=wording.count(left_out))}"
    return title


def _numbers(seen: EpochSeen, classes: int) -> tuple[tuple[str, str], ...]:
    from alexnet_studio.insight.interval import wilson
    from alexnet_studio.insight.per_class import balanced

    scores = seen.scores
    if not scores.images:
        return ()
    low, high = wilson(round(scores.top1 * scores.images), scores.images)
    share = balanced(scores.classes)
    top_k = QCoreApplication.translate("Evaluation", "top-{k}").format(k=min(5, classes))
    return (
        (QCoreApplication.translate("Evaluation", "top-1"), wording.percent(scores.top1)),
        (
            QCoreApplication.translate("Evaluation", "95 % interval"),
            f"{wording.decimal(100 * low, 1)}–{wording.percent(high)}",
        ),
        (top_k, wording.percent(scores.top5)),
        (
            QCoreApplication.translate("Evaluation", "classes of equal weight"),
            NOTHING if share is None else wording.percent(share),
        ),
    )


@lru_cache(maxsize=2)
def _rows(scores: EpochScores, names: tuple[str, ...]) -> tuple[ScoreRow, ...]:
    return score_rows(scores.classes, names)


def _images(state: State, seen: EpochSeen, names: Sequence[str]) -> ListView:
    listing = seen.listing
    mistakes = QCoreApplication.translate("Evaluation", "mistakes of epoch {epoch}")
    filters = [("mistakes", mistakes.format(epoch=wording.count(seen.scores.epoch)))]
    if listing.kind == "cell":
        text = QCoreApplication.translate("Evaluation", "{truth} → {guess}")
        anything = QCoreApplication.translate("Evaluation", "anything")
        truth = anything if listing.truth is None else names[listing.truth]
        guess = anything if listing.guess is None else names[listing.guess]
        filters.append(("", text.format(truth=truth, guess=guess)))
    found = QCoreApplication.translate("Evaluation", "{n} images").format(n=wording.count(len(seen.images)))
    if len(seen.images) == LISTED:
        found = QCoreApplication.translate("Evaluation", "the first {n} images").format(
            n=wording.count(LISTED)
        )
    return ListView(
        filters=tuple(filters),
        filter="" if listing.kind == "cell" else "mistakes",
        found=found,
        images=seen.images,
        captions=seen.captions,
        version=-seen.version,
        editing=editing(state),
    )
