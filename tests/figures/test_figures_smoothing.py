"""Smoothing against its definition."""

from __future__ import annotations

import numpy as np
import pytest

from alexnet_studio.figures.smoothing import smoothed


def test_it_is_the_weighted_mean_of_the_past() -> None:
    values = np.random.default_rng(0).normal(size=40)
    for i, value in enumerate(smoothed(values, 0.8)):
        weights = 0.8 ** np.arange(i, -1, -1.0)
        assert value == pytest.approx((weights * values[: i + 1]).sum() / weights.sum())


def test_zero_changes_nothing_and_constants_stay() -> None:
    values = np.array([3.0, 1.0, 2.0])
    assert np.array_equal(smoothed(values, 0), values)
    assert smoothed(np.full(9, 0.7), 0.95) == pytest.approx(np.full(9, 0.7))


def test_a_gap_stays_a_gap() -> None:
    values = np.array([1.0, np.nan, 1.0, np.inf])
    out = smoothed(values, 0.9)
    assert np.isnan(out[1])
    assert out[2] == pytest.approx(1)
    assert np.isinf(out[3])


def test_other_weights_are_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.0"):
        smoothed(np.zeros(2), 1.0)
