"""How many of the images that a network is sure of are likely right, as far as its validation images can tell."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.runs.evaluations import VALIDATION
from alexnet_studio.studio import wording
from alexnet_studio.studio.showing.coverage import thinned
from alexnet_studio.studio.state.predictions import Asked
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.predictions import PredictionsView

if TYPE_CHECKING:
    from alexnet_studio.runs.evaluations import EvaluationFile


def validated(state: State, asked: Asked) -> EvaluationFile | None:
    """Kept before the images were predicted, or evaluated since then."""
    seen = state.evaluation.seen
    if asked.validated is not None or seen is None or seen.path != asked.run:
        return asked.validated
    file = seen.file
    same = (file.name, file.views, file.checkpoint) == (VALIDATION, asked.views, asked.checkpoint)
    return file if same else None


def with_expectation(view: PredictionsView, file: EvaluationFile | None, threshold: float) -> PredictionsView:
    """How many of the sure ones are right, as far as the validation images can tell."""
    if file is None:
        text = QCoreApplication.translate(
            "Predictions",
            "How many of them are right is not known: evaluate the validation images ({views}).",
        )
        return replace(view, expected=text.format(views=dict(view.views)[view.chosen_views]))
    from alexnet_studio.insight.calibration import coverage

    right = file.guesses == file.labels
    found = coverage(file.sureness, right, threshold)
    if found.right is None:
        text = QCoreApplication.translate("Predictions", "no validation image is that sure")
    else:
        text = QCoreApplication.translate(
            "Predictions",
            "of the {n} validation images that are this sure, {right} are right (of all {of}: {all})",
        )
    return replace(
        view,
        expected=text.format(
            right=wording.percent(found.right or 0.0),
            n=wording.count(found.images),
            of=wording.count(len(right)),
            all=wording.percent(float(right.mean())),
        ),
        curve=_curve(file),
        point=None if found.right is None else (found.share, found.right),
    )


@lru_cache(maxsize=2)
def _curve(file: EvaluationFile) -> tuple[tuple[float, float], ...]:
    from alexnet_studio.insight.calibration import coverage_curve

    _, covered, right = coverage_curve(file.sureness, file.guesses == file.labels)
    return thinned(covered, right)
