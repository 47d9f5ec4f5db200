"""What stands at the axes of curves: round places and their texts, in the units of what is counted."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio.widgets.curve_math import log_marks, marks_between, nice_step, time_step

_X_MARK_PX = 96
_Y_MARK_PX = 40
_LOG_MARK_PX = 16  # of a text and the gap to the next


def x_marks(axis: str, low: float, high: float, size_px: float) -> list[float]:
    """`axis` is "step", "epoch" or "time" (seconds). Steps and epochs have no halves."""
    count = max(2, int(size_px // _X_MARK_PX))
    if axis == "time":
        return marks_between(low, high, time_step(high - low, count))
    step = nice_step(high - low, count)
    return marks_between(low, high, max(1.0, np.floor(step)) if axis == "step" or high - low > 2 else step)


def x_text(axis: str, value: float, spacing: float) -> str:
    if axis == "time":
        return _time(value, spacing)
    return f"{value:,.0f}" if axis == "step" else f"{value:,.{_digits(spacing)}f}"


def y_marks(low: float, high: float, size_px: float, *, log: bool) -> list[float]:
    """On a logarithmic axis `low` and `high` are exponents of ten, and so are the marks."""
    if log:
        marks = log_marks(low, high)
        return marks[:: max(1, math.ceil(len(marks) * _LOG_MARK_PX / max(1.0, size_px)))]
    return marks_between(low, high, nice_step(high - low, max(2, int(size_px // _Y_MARK_PX))))


def y_text(value: float, spacing: float, *, log: bool, percent: bool) -> str:
    if log:
        return f"{10.0**value:g}"
    if percent:
        return f"{value * 100:.0f} %"
    if 0 < spacing < 1e-3:
        return f"{value:.3g}"
    return f"{value:,.{_digits(spacing)}f}"


def _time(seconds: float, spacing: float) -> str:
    if spacing < 60:
        return QCoreApplication.translate("Curves", "{n} s").format(n=f"{seconds:,.{_digits(spacing)}f}")
    if spacing < 3600:
        return QCoreApplication.translate("Curves", "{n} min").format(n=f"{seconds / 60:,.0f}")
    if spacing < 86_400:
        return QCoreApplication.translate("Curves", "{n} h").format(n=f"{seconds / 3600:,.0f}")
    return QCoreApplication.translate("Curves", "{n} d").format(n=f"{seconds / 86_400:,.0f}")


def _digits(spacing: float) -> int:
    """Decimals that tell two marks apart."""
    return max(0, int(np.ceil(-np.log10(max(spacing, 1e-12)) - 1e-9)))
