"""Smoothing, thinning, marks and reading of curves, against the slow and obvious way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_studio.studio.widgets.curve_math import (
    Floats,
    Smoother,
    averaged,
    log_marks,
    marks_between,
    nice_step,
    round_end,
    span,
    thinned,
    value_at,
)


def slow_mean(y: Floats, weight: float) -> Floats:
    value = mass = 0.0
    out: list[float] = []
    for point in y:
        present = bool(np.isfinite(point))
        value = weight * value + (1 - weight) * (float(point) if present else 0.0)
        mass = weight * mass + (1 - weight) * present
        out.append(value / mass if present else np.nan)
    return np.array(out)


@pytest.mark.parametrize("weight", [0.1, 0.6, 0.9, 0.99])
def test_smoothing_is_the_debiased_exponential_mean(weight: float) -> None:
    y = np.random.default_rng(0).normal(2.0, 1.0, 1_000)
    y[[3, 500, 501]] = np.nan
    np.testing.assert_allclose(Smoother(weight).smoothed(y), slow_mean(y, weight), rtol=1e-9)


def test_a_growing_curve_is_smoothed_as_if_it_were_whole() -> None:
    y = np.random.default_rng(1).normal(size=5_000)
    growing = Smoother(0.9)
    for end in (1, 7, 128, 129, 3_000, 5_000):
        grown = growing.smoothed(y[:end])
        np.testing.assert_allclose(grown, Smoother(0.9).smoothed(y[:end]), rtol=1e-9)


def test_another_curve_starts_anew() -> None:
    smoother = Smoother(0.9)
    smoother.smoothed(np.full(100, 5.0))
    np.testing.assert_allclose(smoother.smoothed(np.full(10, 1.0)), 1.0)
    np.testing.assert_allclose(smoother.smoothed(np.full(200, 7.0)), 7.0)


def test_a_constant_stays_itself_from_its_first_point() -> None:
    np.testing.assert_allclose(Smoother(0.99).smoothed(np.full(300, 2.3)), 2.3)


def test_thinning_keeps_the_spikes_and_bounds_the_points() -> None:
    x = np.arange(100_000, dtype=np.float64)
    y = np.sin(x / 5_000)
    y[54_321] = 40.0
    y[12_345] = -40.0
    few_x, few_y = thinned(x, y, 0, 100_000, 700)
    assert len(few_x) < 1_700
    assert (few_y.max(), few_y.min()) == (40.0, -40.0)
    assert np.all(np.diff(few_x) >= 0)


def test_thinning_shows_only_what_is_in_view_and_one_point_beyond() -> None:
    x = np.arange(1_000, dtype=np.float64)
    few_x, _ = thinned(x, x, 100.5, 200.5, 700)
    assert (few_x[0], few_x[-1]) == (100.0, 201.0)


def test_gaps_do_not_hide_a_column() -> None:
    x = np.arange(10_000, dtype=np.float64)
    y = np.ones(10_000)
    y[::2] = np.nan
    _, few_y = thinned(x, y, 0, 10_000, 100)
    assert np.isfinite(few_y).all()


def test_averaging_keeps_both_ends() -> None:
    x = np.arange(50_000, dtype=np.float64)
    few_x, few_y = averaged(x, x * 2, 0, 50_000, 500)
    assert len(few_x) < 1_100
    assert (few_x[0], few_x[-1], few_y[-1]) == (0.0, 49_999.0, 99_998.0)
    np.testing.assert_allclose(few_y[1:-1], 2 * few_x[1:-1], atol=150)


@given(st.floats(1e-6, 1e9), st.integers(2, 12))
def test_marks_are_round_and_about_as_many_as_asked(width: float, count: int) -> None:
    step = nice_step(width, count)
    mantissa = step / 10 ** np.floor(np.log10(step) + 1e-9)
    assert min(abs(mantissa - round_) for round_ in (1, 2, 2.5, 5, 10)) < 1e-6
    assert count / 2.1 <= width / step <= count * 2.1


def test_marks_include_both_ends() -> None:
    assert marks_between(0, 1, 0.25) == [0, 0.25, 0.5, 0.75, 1.0]
    np.testing.assert_allclose(10 ** np.array(log_marks(-1, 1)), [0.1, 0.2, 0.5, 1, 2, 5, 10])


def test_the_value_nearest_to_the_mouse_is_read() -> None:
    x, y = np.array([0.0, 10.0, 20.0]), np.array([1.0, np.nan, 3.0])
    assert value_at(x, y, 4) == 1.0
    assert value_at(x, y, 9) is None
    assert value_at(x, y, 18) == 3.0
    assert value_at(x, y, 40) is None
    assert value_at(np.empty(0), np.empty(0), 1) is None


def test_span_ignores_gaps() -> None:
    assert span([np.array([1.0, np.nan, 3.0]), np.array([-1.0]), np.empty(0)]) == (-1.0, 3.0)
    assert span([np.array([np.nan])]) is None


@given(st.floats(1.0, 1e9))
def test_an_axis_ends_just_beyond_its_curve(value: float) -> None:
    assert value * (1 - 1e-9) <= round_end(value) <= value * 1.35


@pytest.mark.parametrize(
    ("value", "end"), [(1, 1), (7, 8), (270, 300), (479, 500), (600, 600), (601, 800), (9_999, 10_000)]
)
def test_an_axis_ends_on_a_round_number(value: float, end: float) -> None:
    assert round_end(value) == pytest.approx(end)
