"""The Wilson interval against published values and against its defining equation."""

from __future__ import annotations

from math import sqrt

import pytest

from alexnet_studio.insight.interval import wilson


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_values(right: int, n: int, low: float, high: float) -> None:
    assert wilson(right, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("right", "n"), [(1, 2), (9, 12), (400, 500), (4999, 5000)])
def test_the_ends_lie_196_standard_errors_from_the_share(right: int, n: int) -> None:
    for end in wilson(right, n):
        assert abs(right / n - end) / sqrt(end * (1 - end) / n) == pytest.approx(1.959964, abs=1e-5)


def test_the_extremes() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(0, 5)[0] == 0.0
    assert wilson(5, 5)[1] == 1.0
    assert wilson(2, 5)[0] == pytest.approx(1 - wilson(3, 5)[1])
    with pytest.raises(ValueError, match="6 right of 5"):
        wilson(6, 5)
