"""Each class' numbers as the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from alexnet_studio.studio import wording
from alexnet_studio.studio.views.evaluation import ScoreRow

if TYPE_CHECKING:
    from alexnet_studio.insight.per_class import ClassScore

NOTHING = "—"


def score_rows(scores: Sequence[ClassScore], names: Sequence[str]) -> tuple[ScoreRow, ...]:
    return tuple(_row(score, names) for score in scores)


def _row(score: ClassScore, names: Sequence[str]) -> ScoreRow:
    shares = (score.recall, score.top5, score.precision, score.f1)
    texts = tuple(NOTHING if share is None else wording.percent(share) for share in shares)
    name, taken_for = names[score.label], names[score.taken_for] if score.taken_for >= 0 else ""
    return ScoreRow(
        score.label,
        (name, "", wording.count(score.images), *texts, taken_for),
        # What is not known comes last, whatever the direction of a first click.
        (name, 0.0, score.images, *(2.0 if share is None else share for share in shares), taken_for),
        score.recall or 0.0,
    )
