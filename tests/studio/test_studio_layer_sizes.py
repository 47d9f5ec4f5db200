"""The third plot as sizes of layers: a line each, on a logarithmic axis, of one run and beside another one's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QPointF

from alexnet_studio.runs.curves import Curves
from alexnet_studio.runs.rows import Layers, Note, Started
from alexnet_studio.studio.panels.curves_area import CurvesArea
from alexnet_studio.studio.showing import curves as view_curves
from alexnet_studio.studio.showing import overlay as view_overlay
from alexnet_studio.studio.state.curves import OverlaidRun
from alexnet_studio.studio.state.run import RunState
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.curves import LAYER_SIZES, CurveLook, CurvesView

LAYERS = ("conv1", "conv2", "fc8")


def curves(fall: float = 0.1) -> Curves:
    """Gradients that fall by `fall` from each layer to the one before it."""
    made = Curves([Started(0, 0, 3, 10, 13, 3, 2, "tiny", "cpu", "float32", 2)])
    for step in range(5, 35, 5):
        sizes = {
            name: {"weight": 0.5, "update": 0.0005, "gradient": 0.01 * fall ** (2 - number)}
            for number, name in enumerate(LAYERS)
        }
        made.add(Layers(step, 1 + step // 10, sizes))
    return made


def view(**look: Any) -> CurvesView:
    return view_curves.one_run(curves(), CurveLook(**look))


def test_each_layer_has_a_line_and_the_ratio_says_what_is_healthy() -> None:
    shown = view(below="gradient").below
    assert [key.label for key in shown.keys] == list(LAYERS)
    assert len({key.run for key in shown.keys}) == 3, "each in its colour"
    ends = [trace.y[-1] for trace in shown.traces]
    assert ends == pytest.approx([1e-4, 1e-3, 1e-2])
    ratio = view(below="ratio").below
    assert "0.001" in ratio.title
    assert [trace.y[0] for trace in ratio.traces] == pytest.approx([1e-3] * 3)
    over_epochs = view(below="weight", axis="epoch").below
    assert list(over_epochs.traces[0].x) == [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]


def test_a_run_without_sizes_shows_none() -> None:
    empty = Curves([Started(0, 0, 3, 10, 13, 3, 2, "tiny", "cpu", "float32", 2)])
    for size in LAYER_SIZES:
        assert view_curves.one_run(empty, CurveLook(below=size)).below.traces == ()


def test_vanishing_gradients_are_seen_beside_another_run() -> None:
    runs = (
        OverlaidRun(Path("sigmoid"), "a", curves(0.05)),
        OverlaidRun(Path("relu"), "b", curves(0.8)),
        OverlaidRun(Path("old"), "c", Curves()),
    )
    shown = view_overlay.overlay(runs, CurveLook(below="gradient")).below
    assert [trace.run for trace in shown.traces] == [0, 1]
    assert shown.traces[1].y[0] / shown.traces[0].y[0] == pytest.approx(256)
    assert "first layer" in shown.title


def test_layers_are_drawn_also_where_the_area_is_low(person: Person, theme: Theme) -> None:
    area = CurvesArea(theme)
    person.sees(area, 480, 380)
    area.show_view(view(below="lr"))
    assert area.error.isVisible() and not area.below.isVisible()
    area.show_view(view(below="gradient"))
    assert area.below.isVisible() and not area.error.isVisible(), (
        "two plots fit: the one that was asked for is one"
    )
    area.resize(480, 700)
    assert area.error.isVisible() and area.below.isVisible()
    low, high = area.below.plot.y_range()
    assert low < -3.99 and high > -2.01, "small gradients are in view"
    area.below.hover(QPointF(area.below.plot.area().center()))
    assert [value for value in area.below.values_at(20) if value] == ["0.0001", "0.001", "0.010"]


def test_a_training_brings_its_sizes(tmp_path: Path) -> None:
    run = RunState(tmp_path)
    run.add(Layers(5, 1, {"conv1": {"weight": 1.0, "update": 0.0, "gradient": 0.25}}))
    run.add(Note(5, "layers_frozen", "conv1 rests."))
    x, y = run.curves.of_layers("gradient")["conv1"]
    assert (list(x), list(y)) == ([5.0], [0.25])
    assert np.isnan(run.curves.of_layers("update")["conv1"][1]).all(), "a frozen layer has no logarithm"
    assert run.epoch is None
    run.curves.cut(4)
    assert run.curves.of_layers("gradient") == {}
