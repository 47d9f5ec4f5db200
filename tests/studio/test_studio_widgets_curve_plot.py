"""Curves on the screen: the values under the mouse, zoom and the way back, colours that follow the theme."""

from __future__ import annotations

import time

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsPolygonItem

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.curves import CurveKey, PlotView, TraceView
from alexnet_studio.studio.widgets.curve_math import Floats
from alexnet_studio.studio.widgets.curve_plot import CurvePlot

KEYS = (CurveKey("training", "training"), CurveKey("validation", "validation"))
Pair = tuple[Floats, Floats]


@pytest.fixture
def plot(person: Person, theme: Theme) -> CurvePlot:
    made = CurvePlot(theme, number=lambda axis, x: f"{axis} {x:.0f}")
    person.sees(made, 600, 300)
    made.show_view(drawn(line(0, 1000, 2.0, 1.0), line(0, 1000, 3.0, 2.0)))
    return made


def drawn(training: Pair, validation: Pair, marks: tuple[tuple[float, str], ...] = ()) -> PlotView:
    traces = (TraceView(0, *training, smooth=True), TraceView(1, *validation))
    return PlotView("Loss", KEYS, traces, marks)


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


def turns_wheel(plot: CurvePlot) -> None:
    """Zooms in on the middle."""
    at = plot.plot.area().center()
    viewport = plot.plot.view.viewport()
    wheel = QWheelEvent(
        at,
        QPointF(viewport.mapToGlobal(at.toPoint())),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, wheel)


def test_a_zoom_stays_until_everything_is_asked_for(person: Person, plot: CurvePlot) -> None:
    assert plot.plot.x_range() == pytest.approx((0, 1000 * 1.004))
    with person.hears(plot.zoom.changed):
        turns_wheel(plot)
    seen = plot.plot.x_range()
    assert 0 < seen[0] < seen[1] < 1000
    plot.show_view(drawn(line(0, 2000, 2.0, 1.0), line(0, 2000, 3.0, 2.0)))
    assert plot.plot.x_range() == pytest.approx(seen)
    with person.hears(plot.all_wanted):
        person.double_clicks(plot.plot.view.viewport(), QPoint(200, 100))
    assert not plot.zoom.on
    assert plot.plot.x_range() == pytest.approx((0, 2000 * 1.004))


def test_a_plot_below_has_the_same_axis_and_zoom(person: Person, theme: Theme, plot: CurvePlot) -> None:
    below = CurvePlot(theme, number=lambda axis, x: f"{axis} {x:.0f}", above=plot)
    person.sees(below, 600, 200)
    plot.show_view(drawn(line(0, 3000, 2.0, 1.0), line(0, 3000, 3.0, 2.0)))
    rates = drawn(line(0, 3000, 0.02, 0.01), line(0, 3000, 0.02, 0.01))
    below.show_view(rates)
    assert not plot.zoom.on  # following an axis is no zoom
    assert below.plot.x_range() == pytest.approx((0, 3000 * 1.004))
    assert below.plot.y_range()[1] == pytest.approx(0.02 * 1.08 * 1.004)
    turns_wheel(plot)
    seen = below.plot.x_range()
    assert 0 < seen[0] < seen[1] < 3000
    below.show_view(rates)
    assert below.plot.x_range() == pytest.approx(seen)


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
    plot.show_view(drawn((x, y), (np.empty(0), np.empty(0))))
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
    plot.show_view(drawn((x[:99_000], y[:99_000]), (x[::1000], y[::1000])))
    spent: list[float] = []
    for end in range(99_000, 100_000, 50):
        begin = time.perf_counter()
        plot.show_view(drawn((x[:end], y[:end]), (x[:end:1000], y[:end:1000])))
        spent.append(time.perf_counter() - begin)
    # 2 ms on an idle core; the bound is loose because a test may share its core.
    assert min(spent) < 0.01


def several(plot: CurvePlot, count: int) -> None:
    """As many runs, each with a training and a validation curve."""
    keys = (CurveKey("training", thin=True), CurveKey("validation"))
    traces = [
        TraceView(key, *line(0, 1000, 3.0 - number, 2.6 - number), run=number, smooth=key == 0)
        for number in range(count)
        for key in (0, 1)
    ]
    plot.show_view(PlotView("Loss", keys, tuple(traces)))


def test_several_runs_have_their_colours_and_are_hidden_one_by_one(theme: Theme, plot: CurvePlot) -> None:
    several(plot, 3)
    names = [theme.run_colour(number).name() for number in range(3)]
    seen = colours_of(plot)
    assert all(seen.get(name, 0) > 50 for name in names)
    plot.set_off_runs(frozenset({1}))
    seen = colours_of(plot)
    assert [seen.get(name, 0) > 50 for name in names] == [True, False, True]
    assert plot.value_of_run(2, 0.0) == "1.000"
    assert plot.values_at(0.0) == ("", "")  # which run's would it be
    several(plot, 1)  # fewer than before: nothing of the others stays
    seen = colours_of(plot)
    assert [seen.get(name, 0) > 50 for name in names] == [True, False, False]


def test_a_mean_lies_in_its_band(theme: Theme, plot: CurvePlot) -> None:
    x, y = line(0, 1000, 2.0, 2.0)
    trace = TraceView(0, x, y, run=0, low=y - 0.5, high=y + 0.9)
    plot.show_view(PlotView("Loss", (CurveKey("validation"),), (trace,)))
    low, high = plot.plot.y_range()
    assert high > 2.9  # the band is in view
    area = plot.plot.area().toRect()
    image = plot.plot.view.grab().toImage()

    def seen(value: float) -> str:
        row = round(area.bottom() - (value - low) / (high - low) * area.height())
        return image.pixelColor(area.center().x(), row).name()

    assert seen(2.0) == theme.run_colour(0).name()
    assert seen(2.7) == seen(1.6) not in (theme.colours.raised, theme.run_colour(0).name())
    assert seen(1.2) == theme.colours.raised


def test_marks_are_told_where_they_stand(plot: CurvePlot) -> None:
    lines = line(0, 1000, 2.0, 1.0), line(0, 1000, 3.0, 2.0)
    plot.show_view(drawn(*lines, marks=((500.0, "It is stuck."), (900.0, "<b>more</b>"))))
    assert plot.mark_near(501) == "It is stuck."
    assert plot.mark_near(700) == ""


def test_another_axis_shows_everything_anew(plot: CurvePlot) -> None:
    turns_wheel(plot)
    plot.show_view(drawn(line(0, 10, 2.0, 1.0), line(0, 10, 3.0, 2.0)), "epoch")
    assert plot.plot.x_range() == pytest.approx((0, 10 * 1.004))
    plot.hover(QPointF(plot.plot.area().center()))
    assert plot.legend.texts()[-1].startswith("epoch ")


def test_the_moment_stands_at_its_place_however_the_axes_move(person: Person, plot: CurvePlot) -> None:
    view = plot.plot.view
    (handle,) = (item for item in view.scene().items() if isinstance(item, QGraphicsPolygonItem))

    def place() -> float:
        plot.moment.set_place(400.0, is_now=True)  # as before: it is not drawn for that
        area, foot = plot.plot.area(), view.mapFromScene(handle.pos())
        assert abs(foot.y() - area.bottom()) <= 2 and handle.isVisible()
        return plot.plot.x_at(QPointF(foot))

    assert place() == pytest.approx(400, abs=3)
    plot.resize(400, 500)
    person.waits(20)
    assert place() == pytest.approx(400, abs=4)
    plot.show_view(drawn(line(0, 3000, 2.0, 1.0), line(0, 3000, 3.0, 2.0)))
    assert place() == pytest.approx(400, abs=12)
    plot.set_log(True)
    assert place() == pytest.approx(400, abs=12)
    assert plot.plot.y_range()[1] < 1, "exponents of ten"
    plot.set_log(False)
    assert place() == pytest.approx(400, abs=12)
    assert plot.plot.y_range()[1] == pytest.approx(3.0 * 1.08 * 1.004)
    plot.hide()
    plot.resize(700, 300)
    plot.show()
    person.waits(20)
    assert place() == pytest.approx(400, abs=7)
    turns_wheel(plot)
    plot.show_all()
    assert place() == pytest.approx(400, abs=7)


def test_an_empty_plot_below_leaves_the_axis_alone(person: Person, theme: Theme, plot: CurvePlot) -> None:
    below = CurvePlot(theme, number=lambda axis, x: f"{axis} {x:.0f}", above=plot)
    person.sees(below, 600, 200)
    below.show_view(PlotView())
    assert plot.plot.x_range() == pytest.approx((0, 1000 * 1.004))


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
