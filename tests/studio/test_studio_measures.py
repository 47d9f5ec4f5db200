"""Timing networks and checking operations from the window, with the real ones."""

from __future__ import annotations

from pathlib import Path

from person import Person
from PIL import Image
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from alexnet_studio.networks import catalogue
from alexnet_studio.studio.jobs.export import figure_of, save_figure
from alexnet_studio.studio.panels.measures import MeasuresDialog
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.measures import CheckSeen
from alexnet_studio.studio.state.run import Phase, RunState
from alexnet_studio.studio.tables import rows
from alexnet_studio.studio.window import Window

PATIENCE_MS = 60_000


def opened(window: Window) -> MeasuresDialog:
    window.commands["measures"].trigger()
    assert window.measures is not None
    assert window.measures.isVisible()
    return window.measures


def tick(dialog: MeasuresDialog, *names: str) -> None:
    for row in range(dialog.networks.count()):
        item = dialog.networks.item(row)
        item.setCheckState(Qt.CheckState.Checked if item.text() in names else Qt.CheckState.Unchecked)


def done(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.controller.state.progress, timeout=PATIENCE_MS)


def test_networks_are_timed_side_by_side(
    qtbot: QtBot, person: Person, window: Window, tmp_path: Path
) -> None:
    dialog = opened(window)
    assert [dialog.networks.item(row).text() for row in range(dialog.networks.count())] == list(
        catalogue.names()
    )
    tick(dialog, "lenet", "cifar-4layer")
    dialog.batch.setValue(4)
    dialog.timed.setValue(3)
    dialog.objective.setCurrentIndex(1)
    person.clicks(dialog.start)
    assert not dialog.start.isEnabled()
    done(qtbot, window)
    texts = dialog.table.texts()
    assert [cells[0] for cells in texts] == ["cifar-4layer", "lenet"]
    assert all("±" in cells[1] and "±" in cells[2] for cells in texts)
    assert dialog.title.text().endswith("batches of 4 · 3 timed")
    assert dialog.start.isEnabled()
    view = view_state(window.controller.state)
    assert max(one.step for one in view.measures.timings) == 1.0
    draw = figure_of("timings", view)
    assert draw is not None
    list(save_figure(draw, tmp_path / "timings.png"))
    with Image.open(tmp_path / "timings.png") as picture:
        assert picture.width > 500
    table = rows("timings", view)
    assert table is not None
    assert len(table) == 3


def test_nothing_ticked_is_said(person: Person, window: Window) -> None:
    dialog = opened(window)
    tick(dialog)
    person.clicks(dialog.start)
    notice = window.controller.state.notice
    assert notice is not None
    assert notice.sentence == "No network is chosen. Tick one or more to time them."


def test_not_while_a_training_runs(window: Window, tmp_path: Path) -> None:
    window.controller.state.run = RunState(tmp_path, Phase.TRAINING)
    dialog = opened(window)
    assert not dialog.start.isEnabled()
    window.controller.state.run = None


def test_operations_are_checked(qtbot: QtBot, person: Person, window: Window) -> None:
    dialog = opened(window)
    dialog.pages.setCurrentIndex(1)
    person.clicks(dialog.check)
    done(qtbot, window)
    assert dialog.verdict.text() == "All 11 operations mean what they should here."
    assert {cells[0] for cells in dialog.checks.texts()} == {"✓"}
    table = rows("checks", view_state(window.controller.state))
    assert table is not None
    assert len(table) == 12


def test_a_deviation_is_named(window: Window) -> None:
    dialog = opened(window)
    window.controller.state.measures.checks = (CheckSeen("pooling", "paper", 0.5, 1e-5, False),)
    window.controller.refresh()
    assert dialog.verdict.text() == "Not as it should be: pooling."
    assert dialog.checks.texts()[0][0] == "✕"
