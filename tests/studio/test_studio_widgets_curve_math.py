"""Thinning, marks and reading of curves, against the slow and obvious way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_studio.studio.widgets.curve_math import (
    averaged,
    log_marks,
    marks_between,
    nice_step,
    round_end,
    span,
    thinned,
    time_step,
    value_at,
)


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


def test_thinning_is_the_extremes_of_each_column_where_distances_differ() -> None:
    rng = np.random.default_rng(0)
    x = np.cumsum(rng.exponential(1.0, 20_000) * rng.choice([0.01, 1.0, 5.0], 20_000))
    y = rng.normal(size=20_000)
    y[rng.integers(0, 20_000, 4_000)] = np.nan
    low, high, pixels = float(x[3_000]), float(x[18_000]), 300
    few_x, few_y = thinned(x, y, low, high, pixels)
    assert len(few_x) <= 2 * (pixels + 2)
    assert np.all(np.diff(few_x) >= 0)
    edges = np.linspace(low, high, pixels + 1)
    for left, right in pairwise(edges.tolist()):
        own = y[(x >= left) & (x < right)]
        own = own[np.isfinite(own)]
        drawn = few_y[(few_x >= left) & (few_x < right)]
        if len(own):
            assert (drawn.min(), drawn.max()) == (own.min(), own.max())


def test_a_column_of_nothing_but_gaps_is_a_gap() -> None:
    x = np.arange(10_000.0)
    y = np.where((x >= 3_000) & (x < 4_000), np.nan, 1.0)
    few_x, few_y = thinned(x, y, 0, 10_000, 100)
    assert np.isnan(few_y[(few_x > 3_000) & (few_x < 3_999)]).all()


@pytest.mark.parametrize(
    ("span_s", "count", "step"),
    [(10, 5, 2), (100, 5, 30), (3_600, 6, 600), (90_000, 5, 21_600), (864_000, 5, 172_800)],
)
def test_marks_in_time_are_those_of_a_clock(span_s: float, count: int, step: float) -> None:
    assert time_step(span_s, count) == step


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
