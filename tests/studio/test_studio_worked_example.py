"""How a layer computes, in the real window: numbers are typed, outputs clicked, curves and windows shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import tiny_folder
from person import Person
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtWidgets import QLineEdit

from alexnet_studio.networks.activation_curves import curve_of
from alexnet_studio.studio import setup_building
from alexnet_studio.studio.dataset import of_folder
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.panels.worked_example import WorkedExample
from alexnet_studio.studio.showing.example import view_activation
from alexnet_studio.studio.state.example import Measured
from alexnet_studio.studio.state.run import RunState
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.number_table import NumberTable
from alexnet_studio.studio.window import Window


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path) -> Iterator[Window]:
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1600, 1000)
    controller = made.controller
    controller.state.dataset = of_folder(tiny_folder.folder())
    controller.state.setup = setup_building.build("paper", (("image_size", None), ("width", 1.0)), 3)
    controller.refresh()
    made.commands["workspace_network"].trigger()
    made.panels.architecture.example_fold.set_open(True)
    person.waits(50)
    yield made
    controller.close()


def shown(window: Window) -> WorkedExample:
    return window.panels.architecture.example


def select(window: Window, layer: str) -> None:
    controller = window.controller
    controller.settle(lambda: controller.select(replace(controller.state.selection, layer=layer)))


def texts(table: NumberTable) -> list[list[str]]:
    def text(row: int, column: int) -> str:
        item = table.item(row, column)
        return "" if item is None else item.text()

    return [[text(row, column) for column in range(table.columnCount())] for row in range(table.rowCount())]


def click(person: Person, table: NumberTable, row: int, column: int) -> None:
    item = table.item(row, column)
    assert item is not None
    person.clicks(table.viewport(), table.visualItemRect(item).center())


def test_an_output_s_sum_is_written_out_and_its_window_marked(person: Person, window: Window) -> None:
    example = shown(window)
    assert texts(example.tables["output"])[0] == ["−1", "−4", "6"]
    click(person, example.tables["output"], 1, 2)
    assert example.sum.text().startswith("6 × 1 + 8 × 0 + 0 × (−1) + 1 × 1 + 0 × 0 + 2 × (−1)")
    grid = example.tables["grid"]
    marked = {
        (row, column)
        for row in range(5)
        for column in range(5)
        if (item := grid.item(row, column)) is not None and item.font().bold()
    }
    assert marked == {(row, column) for row in (1, 2, 3) for column in (2, 3, 4)}


def test_a_number_that_is_typed_changes_the_outputs(person: Person, window: Window) -> None:
    grid = shown(window).tables["grid"]
    click(person, grid, 0, 0)
    editor = grid.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    person.writes(editor, "11")
    person.presses(editor, Qt.Key.Key_Return)
    person.waits(50)
    assert texts(grid)[0][0] == "11"
    assert texts(shown(window).tables["output"])[0][0] == "9"  # ten more than −1


def test_what_is_no_number_is_put_back(person: Person, window: Window) -> None:
    grid = shown(window).tables["grid"]
    click(person, grid, 0, 0)
    editor = grid.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    person.writes(editor, "lots")
    assert editor.text() == "lots"
    person.presses(editor, Qt.Key.Key_Return)
    person.waits(50)
    assert texts(grid)[0][0] == "1"


def test_a_clicked_layer_is_worked_through(window: Window) -> None:
    example = shown(window)
    select(window, "pool1")
    assert example.operation.currentText() == "max pooling"
    assert list(example.fields) == ["window", "stride", "sizing"]
    assert texts(example.tables["output"]) == [["6", "8"], ["3", "5"]]
    assert not example.tables["kernel"].isVisible()
    assert example.sketch.isVisible()
    assert not example.curve.isVisible()
    select(window, "rnorm2")
    assert example.operation.currentText() == "response normalisation"
    assert not example.sketch.isVisible()
    select(window, "fc8")
    assert example.operation.currentText() == "softmax"
    select(window, "conv1")
    assert example.operation.currentText() == "convolution"
    assert example.curve_title.text().startswith("ReLU")


def test_the_window_slides_over_the_layer_s_input(person: Person, window: Window) -> None:
    """conv1 of the paper: 55 windows of 11 every 4 pixels over 224 with 2 of padding before."""
    select(window, "conv1")
    sketch = shown(window).sketch
    assert sketch.at() == (0, 0)
    person.waits(50)
    assert "sees rows -2 to 8" in sketch.caption()
    person.moves_over(sketch, QPoint(6 + 168, 6 + 168))
    assert sketch.at() == (54, 54)
    person.presses(sketch, Qt.Key.Key_Up)
    assert sketch.at() == (53, 54)
    assert "window 54, 55 of 55 × 55 sees rows 210 to 220" in sketch.caption()


def test_the_riddle_is_asked_and_answered(person: Person, window: Window) -> None:
    example = shown(window)
    assert not example.solve.isVisible()
    person.clicks(example.puzzle)
    assert "torch.Size([3, 3])" in example.remark.text()
    assert not example.tables["output"].isVisible()
    person.clicks(example.solve)
    assert example.remark.text().startswith("5 × 5: (5 + 2 × 1 − 3) / 1 + 1 = 5.")
    assert len(texts(example.tables["output"])) == 5
    field = example.fields["padding"]
    assert isinstance(field, QLineEdit)
    field.selectAll()
    person.writes(field, "0")
    assert len(texts(example.tables["output"])) == 3
    assert not example.remark.isVisible()


def test_measuring_without_weights_is_not_offered(window: Window) -> None:
    select(window, "conv1")
    assert not shown(window).measure.isEnabled()


def test_a_measured_layer_says_how_much_is_silent(window: Window, tmp_path: Path) -> None:
    state = window.controller.state
    state.run = RunState(tmp_path, has_checkpoint=True)
    counts = (30, 0, 0, 10)
    state.examples.measured[tmp_path, "conv1"] = Measured("conv1", 5, 2.0, counts)
    select(window, "conv1")
    assert shown(window).curve_remark.text() == "75.0 % of what arrives is below zero and silent (5 images)"
    assert shown(window).measure.isEnabled()
    assert state.setup is not None
    assert state.setup.spec is not None
    seen = view_activation(state, state.setup.spec, "conv1")
    assert seen is not None
    assert (seen.reach, seen.counts) == (4.0, (0, 0, *counts, 0, 0))


@pytest.mark.parametrize("function", ["relu", "tanh", "sigmoid", "leaky_relu"])
def test_the_slope_is_the_curve_s(function: str) -> None:
    value, slope = curve_of(function)
    for x in (-3.1, -0.7, 0.2, 2.9):
        assert slope(x) == pytest.approx((value(x + 1e-6) - value(x - 1e-6)) / 2e-6, abs=1e-5)
