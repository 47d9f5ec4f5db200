"""Activation functions as curves to be drawn: plain arithmetic, without torch."""

from __future__ import annotations

import math
from collections.abc import Callable

_LEAK = 0.01


def curve_of(function: str) -> tuple[Callable[[float], float], Callable[[float], float]]:
    """The function and its slope."""
    match function:
        case "tanh":
            return math.tanh, lambda x: 1 - math.tanh(x) ** 2
        case "sigmoid":
            return _sigmoid, lambda x: _sigmoid(x) * (1 - _sigmoid(x))
        case "leaky_relu":
            return lambda x: x if x > 0 else _LEAK * x, lambda x: 1.0 if x > 0 else _LEAK
        case _:
            return lambda x: max(0.0, x), lambda x: float(x > 0)


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))
