"""The two axes of a plot, with marks at round places and labels also at both ends."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import QRectF

Marks = Callable[[float, float, float], list[float]]
"""From an axis' lowest and highest value and its length in pixels to the places of its marks."""

# Any, not unknown: what pyqtgraph does not say about its types ends in this module and in `plot_engine`.
_AxisItem: Any = importlib.import_module("pyqtgraph").AxisItem
_LABEL_REACH_PX = 12.0


class RoundAxis(_AxisItem):
    def __init__(self, orientation: str, marks: Marks, text: Callable[[float, float], str]) -> None:
        self._marks = marks
        self._text = text
        base: Any = super()
        base.__init__(orientation=orientation)
        self.enableAutoSIPrefix(False)
        self.setStyle(
            tickLength=0, maxTickLevel=0, maxTextLevel=0, hideOverlappingLabels=False, tickAlpha=255
        )

    def tickValues(self, low: float, high: float, size_px: float) -> list[tuple[float, list[float]]]:  # noqa: N802
        places = self._marks(min(low, high), max(low, high), size_px)
        distance = places[1] - places[0] if len(places) > 1 else 1.0
        return [(distance, places)]

    def tickStrings(self, values: list[float], _scale: float, spacing: float) -> list[str]:  # noqa: N802
        return [self._text(value, spacing) for value in values]

    def boundingRect(self) -> QRectF:
        # pyqtgraph leaves out labels that reach beyond an axis with a grid: the first and the last.
        base: Any = super()
        rect = cast("QRectF", base.boundingRect())
        return rect.adjusted(-_LABEL_REACH_PX, -_LABEL_REACH_PX, _LABEL_REACH_PX, _LABEL_REACH_PX)
