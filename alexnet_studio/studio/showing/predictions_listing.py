"""Which predicted images are listed, and what stands below each."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.state.predictions import Listed, PredictionState

if TYPE_CHECKING:
    from alexnet_studio.insight.predict import Prediction


def listed(state: PredictionState, *, arranged: bool) -> Listed:
    """As they came while more are coming, so that what is looked at stays in its place; then `arranged`."""
    counts, classes = Counter[str](), Counter[str]()
    found: list[Prediction] = []
    for one in state.answers:
        pile = pile_of(one, state.threshold)
        counts[pile] += 1
        name = one.top[0][0] if one.top else ""
        if name:
            classes[name] += 1
        if state.pile in {"all", pile} and state.class_name in {"", name}:
            found.append(one)
    if arranged and state.order != "path":
        sign = -1 if state.order == "surest" else 1
        # What cannot be read is neither: it comes last.
        found.sort(key=lambda one: sign * one.top[0][1] if one.top else 2.0)
    return Listed(
        tuple(str(one.image) for one in found),
        counts["sure"],
        counts["unsure"],
        counts["unread"],
        tuple(sorted(classes.items())),
    )


def pile_of(one: Prediction, threshold: float) -> str:
    return "unread" if one.error else "unsure" if one.is_unsure(threshold) else "sure"


def caption(one: Prediction) -> str:
    if one.error:
        return QCoreApplication.translate("Predictions", "cannot be read")
    name, share = one.top[0]
    text = QCoreApplication.translate("Predictions", "{share} {name}")
    return text.format(share=wording.percent(share, 0), name=name)
