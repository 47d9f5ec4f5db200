"""Curves on the screen: the values under the mouse, zoom and the way back, colours that follow the theme."""

from __future__ import annotations

import time

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, QPointF, Qt

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.curve_legend import Key
from alexnet_studio.studio.widgets.curve_math import Floats
from alexnet_studio.studio.widgets.curve_plot import CurvePlot

KEYS = (Key("training", "training"), Key("validation", "validation"))


@pytest.fixture
def plot(person: Person, theme: Theme) -> CurvePlot:
    made = CurvePlot(theme, "Loss", KEYS, smooth=(True, False), number=lambda x: f"step {x:.0f}")
    person.sees(made, 600, 300)
    made.set_smoothing(0.0)
    made.set_curves((line(0, 1000, 2.0, 1.0), line(0, 1000, 3.0, 2.0)))
    return made


def line(first: float, last: float, from_: float, to: float) -> tuple[Floats, Floats]:
    return np.linspace(first, last, 101), np.linspace(from_, to, 101)


def test_the_values_under_the_mouse_are_read(plot: CurvePlot) -> None:
    assert plot.values_at(500) == ("1.500", "2.500")
    assert plot.values_at(5_000) == ("", "")
    area = plot.plot.area()
    plot.hover(QPointF(area.center()))
    title, training, validation, where = plot.legend.texts()
    assert (title, training[:9], validation[:11]) == ("Loss", "training ", "validation ")
    assert 1.4 < float(training.split()[-1]) < 1.6
    assert where.startswith("step ")
    plot.hover(QPointF(-5, -5))
    assert plot.legend.texts() == ("Loss", "training", "validation", "")


def test_moving_the_mouse_reads_without_a_single_python_signal(person: Person, plot: CurvePlot) -> None:
    moves: list[object] = []
    scene: object = plot.plot.view.scene()
    getattr(scene, "sigMouseMoved").connect(moves.append)  # noqa: B009
    centre = plot.plot.area().center().toPoint()
    for step in range(20):
        person.moves_over(plot.plot.view.viewport(), centre + QPoint(step, 0))
    assert moves == []
    assert plot.legend.texts()[-1].startswith("step ")


def test_a_zoom_stays_until_everything_is_asked_for(person: Person, plot: CurvePlot) -> None:
    assert plot.plot.x_range() == pytest.approx((0, 1000))
    with person.hears(plot.zoomed) as zoomed:
        plot.plot.set_range((200, 300), (1, 2))
    assert zoomed == [True]
    plot.set_curves((line(0, 2000, 2.0, 1.0), line(0, 2000, 3.0, 2.0)))
    assert plot.plot.x_range() == pytest.approx((200, 300))
    with person.hears(plot.zoomed) as zoomed:
        person.double_clicks(plot.plot.view.viewport(), QPoint(200, 100))
    assert zoomed == [False]
    assert plot.plot.x_range() == pytest.approx((0, 2000))


def test_a_click_on_its_key_hides_a_curve(person: Person, theme: Theme, plot: CurvePlot) -> None:
    assert colours_of(plot)[theme.colours.training] > 50
    person.presses(plot.legend, Qt.Key.Key_Space)
    person.waits(20)
    assert colours_of(plot).get(theme.colours.training, 0) < 50
    assert colours_of(plot)[theme.colours.validation] > 50


def test_curves_are_recoloured_with_the_theme(theme: Theme, plot: CurvePlot) -> None:
    theme.set_mode("dark")
    seen = colours_of(plot)
    assert max(seen, key=lambda name: seen[name]) == theme.colours.raised
    assert seen[theme.colours.training] > 20
    theme.set_mode("light")


def test_a_gap_stays_a_gap(plot: CurvePlot) -> None:
    x, y = line(0, 1000, 2.0, 1.0)
    y[40:60] = np.nan
    plot.set_curves(((x, y), (np.empty(0), np.empty(0))))
    assert plot.values_at(500) == ("", "")
    assert plot.values_at(100) == ("1.900", "")


def test_a_logarithmic_axis_leaves_the_values_as_they_are(plot: CurvePlot) -> None:
    plot.set_log(True)
    assert plot.values_at(500) == ("1.500", "2.500")
    low, high = plot.plot.y_range()
    assert (low, high) == pytest.approx((np.log10(1.0) - 0.05, np.log10(3.0) + 0.05))


def test_a_hundred_thousand_points_grow_without_stalling(plot: CurvePlot) -> None:
    plot.set_smoothing(0.9)
    x = np.arange(100_000, dtype=np.float64)
    y = np.random.default_rng(0).normal(2, 0.3, 100_000)
    plot.set_curves(((x[:99_000], y[:99_000]), (x[::1000], y[::1000])))
    spent: list[float] = []
    for end in range(99_000, 100_000, 50):
        begin = time.perf_counter()
        plot.set_curves(((x[:end], y[:end]), (x[:end:1000], y[:end:1000])))
        spent.append(time.perf_counter() - begin)
    # 2 ms on an idle core; the bound is loose because a test may share its core.
    assert min(spent) < 0.01


def colours_of(plot: CurvePlot) -> dict[str, int]:
    """How often each colour is seen inside the axes."""
    area = plot.plot.area().toRect()
    image = plot.plot.view.grab().toImage()
    seen: dict[str, int] = {}
    for x in range(area.left(), area.right()):
        for y in range(area.top(), area.bottom(), 2):
            name = image.pixelColor(x, y).name()
            seen[name] = seen.get(name, 0) + 1
    return seen
