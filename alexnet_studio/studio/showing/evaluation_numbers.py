"""Each class' numbers as the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from alexnet_studio.studio import wording
from alexnet_studio.studio.views.evaluation import ScoreRow

if TYPE_CHECKING:
    from alexnet_studio.insight.per_class import ClassScore

NOTHING = "—"


def score_rows(scores: Sequence[ClassScore], names: Sequence[str]) -> tuple[ScoreRow, ...]:
    language = wording.locale().name()
    return tuple(_row(score, names, language) for score in scores)


def _row(score: ClassScore, names: Sequence[str], language: str) -> ScoreRow:
    shares = (score.recall, score.top5, score.precision, score.f1)
    texts = tuple(NOTHING if share is None else _percent(share, language) for share in shares)
    name, taken_for = names[score.label], names[score.taken_for] if score.taken_for >= 0 else ""
    return ScoreRow(
        score.label,
        (name, "", _count(score.images, language), *texts, taken_for),
        # What is not known comes last, whatever the direction of a first click.
        (name, 0.0, score.images, *(2.0 if share is None else share for share in shares), taken_for),
        score.recall or 0.0,
    )


@lru_cache(maxsize=8192)
def _percent(share: float, _language: str) -> str:
    """A thousand classes have a few hundred shares, which are the same from epoch to epoch."""
    return wording.percent(share)


@lru_cache(maxsize=1024)
def _count(number: int, _language: str) -> str:
    return wording.count(number)
