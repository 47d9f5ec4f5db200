"""Which predicted images are listed, and what stands below each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.state.predictions import Listed, PredictionState

if TYPE_CHECKING:
    from alexnet_studio.insight.predict import Prediction


def listed(state: PredictionState, *, arranged: bool) -> Listed:
    """As they came while more are coming, so that what is looked at stays in its place; then `arranged`."""
    shares = np.array(state.shares, np.float64)
    unread = np.isnan(shares)
    sure = shares >= state.threshold  # of NaN it is not
    piles = {"sure": sure, "unsure": ~(sure | unread), "unread": unread}
    wanted = piles.get(state.pile, np.ones(len(shares), np.bool_))
    if state.class_name:
        wanted = wanted & np.array([name == state.class_name for name in state.names], np.bool_)
    rows = np.flatnonzero(wanted)
    if arranged and state.order != "path":
        # NaN sorts last, whatever the sign: what cannot be read is neither sure nor doubtful.
        keys = -shares[rows] if state.order == "surest" else shares[rows]
        rows = rows[np.argsort(keys, kind="stable")]
    return Listed(
        tuple(map(state.paths.__getitem__, rows.tolist())),
        int(sure.sum()),
        int(piles["unsure"].sum()),
        int(unread.sum()),
        tuple(sorted(state.classes.items())),
    )


def caption(one: Prediction) -> str:
    if one.error:
        return QCoreApplication.translate("Predictions", "cannot be read")
    name, share = one.top[0]
    text = QCoreApplication.translate("Predictions", "{share} {name}")
    return text.format(share=wording.percent(share, 0), name=name)
