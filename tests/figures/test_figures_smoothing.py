"""Smoothing against its definition."""

from __future__ import annotations

import time

import numpy as np
import pytest

from alexnet_studio.figures.smoothing import Floats, Smoother, smoothed


def slowly(x: Floats, y: Floats, weight: float) -> Floats:
    """The formula of the docstring, point by point."""
    unit = float(np.median(np.diff(x[:64])))
    value = mass = 0.0
    out: list[float] = []
    for i, point in enumerate(y.tolist()):
        decay = weight ** ((x[i] - x[i - 1]) / unit) if i else 1.0
        present = bool(np.isfinite(point))
        value = decay * value + (point if present else 0.0)
        mass = decay * mass + present
        out.append(value / mass if present else np.nan)
    return np.array(out)


def curve(count: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Distances that differ a hundredfold, and gaps."""
    rng = np.random.default_rng(seed)
    x = np.cumsum(rng.choice([1.0, 1.0, 1.0, 0.1, 10.0], count))
    y = rng.normal(2.0, 1.0, count)
    y[rng.integers(0, count, count // 10)] = np.nan
    return x, y


@pytest.mark.parametrize("weight", [0.05, 0.6, 0.9, 0.99, 0.999])
def test_it_is_its_formula(weight: float) -> None:
    x, y = curve(1_000)
    np.testing.assert_allclose(smoothed(x, y, weight), slowly(x, y, weight), rtol=1e-7)


def test_at_equal_distances_it_is_the_weighted_mean_of_the_past() -> None:
    values = np.random.default_rng(0).normal(size=40)
    for i, value in enumerate(smoothed(np.arange(40.0) * 7, values, 0.8)):
        weights = 0.8 ** np.arange(i, -1, -1.0)
        assert value == pytest.approx((weights * values[: i + 1]).sum() / weights.sum())


def test_a_growing_curve_is_smoothed_as_if_it_were_whole() -> None:
    x, y = curve(5_000, seed=1)
    growing = Smoother(0.9)
    for end in (1, 2, 7, 63, 64, 65, 128, 129, 3_000, 5_000):
        grown = growing.smoothed(x[:end], y[:end])
        np.testing.assert_allclose(grown, smoothed(x[:end], y[:end], 0.9), rtol=1e-9)


def test_another_curve_starts_anew() -> None:
    smoother = Smoother(0.9)
    x = np.arange(300.0)
    for length, value in ((100, 5.0), (10, 1.0), (200, 7.0)):
        np.testing.assert_allclose(smoother.smoothed(x[:length], np.full(length, value)), value)


def test_a_long_gap_in_x_forgets_the_past() -> None:
    x, y = np.append(np.arange(100.0), 10_000.0), np.append(np.full(100, 9.0), 1.0)
    assert smoothed(x, y, 0.9)[-1] == pytest.approx(1.0, abs=1e-6)


def test_zero_changes_nothing_and_constants_stay() -> None:
    values = np.array([3.0, 1.0, 2.0])
    assert np.array_equal(smoothed(np.arange(3.0), values, 0), values)
    assert smoothed(np.arange(9.0), np.full(9, 0.7), 0.95) == pytest.approx(np.full(9, 0.7))


def test_a_gap_stays_a_gap() -> None:
    out = smoothed(np.arange(4.0), np.array([1.0, np.nan, 1.0, np.inf]), 0.9)
    assert np.isnan(out[[1, 3]]).all()
    assert out[2] == pytest.approx(1)
    assert len(smoothed(np.empty(0), np.empty(0), 0.9)) == 0


@pytest.mark.parametrize("weight", [1.0, -0.1, np.nan])
def test_other_weights_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="smoothing"):
        smoothed(np.zeros(2), np.zeros(2), weight)


def test_a_growing_million_costs_only_what_is_new() -> None:
    x = np.arange(1_000_000.0)
    y = np.random.default_rng(0).normal(size=1_000_000)
    smoother = Smoother(0.9)
    smoother.smoothed(x[:999_000], y[:999_000])
    begin = time.perf_counter()
    for end in range(999_000, 1_000_000, 100):
        smoother.smoothed(x[:end], y[:end])
    assert time.perf_counter() - begin < 0.2
