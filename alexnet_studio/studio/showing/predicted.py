"""One of the predicted images, as the window of the predictions shows it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.showing.ten import bars_of, place_names
from alexnet_studio.studio.state.predictions import PredictionState
from alexnet_studio.studio.views.predictions import PredictedView


def view_predicted(shown: PredictionState, image: str | None) -> PredictedView:
    row = shown.row_of.get(image or "")
    if row is None:
        return PredictedView()
    one = shown.answers[row]
    verdict = ""
    if not one.error and one.is_unsure(shown.threshold):
        text = QCoreApplication.translate("Predictions", "unsure: below {threshold}")
        verdict = text.format(threshold=wording.percent(shown.threshold, 0))
    places = place_names()
    return PredictedView(
        one.image.name,
        str(one.image),
        bars_of(one.top, ""),
        verdict,
        one.error or "",
        tuple(
            (places[view.place, view.mirrored], view.top[0][0], wording.percent(view.top[0][1], 0))
            for view in one.views
        ),
    )
