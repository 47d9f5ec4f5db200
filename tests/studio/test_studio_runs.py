"""The list of runs in the window: sorted, searched, and what is done with the selected ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from alexnet_studio.ground import places
from alexnet_studio.runs import diary, lock
from alexnet_studio.runs import folder as folders
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Epoch
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.panels.run_columns import Order
from alexnet_studio.studio.panels.runs import RunsDialog
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.runs import RunRow
from alexnet_studio.studio.window import Window

PATIENCE_MS = 20_000


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1200, 800)
    yield made
    if made.runs is not None:
        made.runs.close()
    made.controller.close()


def make_run(name: str, *, seed: int, top1: float) -> Path:
    source = places.resources() / "example-run"
    run = places.runs() / name
    run.mkdir(parents=True)
    shutil.copy(source / "run.json", run)
    record = folders.open(run).record
    changed = record.model_copy(update={"recipe": {**record.recipe, "seed": seed}})
    folders.write_record(run, changed)
    History(run / "metrics.jsonl").append(Epoch(1, 4, 2.0, 0.2, 0.6, 1.0, top1, 1.0, 3, 1.5, 90.0))
    History(run / "metrics.jsonl").append(Ended(4, 1, "stopped", 1))
    return run


def opened(qtbot: QtBot, window: Window, count: int) -> RunsDialog:
    window.commands["runs"].trigger()
    dialog = window.runs
    assert dialog is not None
    qtbot.waitUntil(lambda: len(dialog.table.texts()) == count, timeout=PATIENCE_MS)
    return dialog


def names(dialog: RunsDialog) -> list[str]:
    return [cells[0] for cells in dialog.table.texts()]


def choose(dialog: RunsDialog, *wanted: str) -> None:
    dialog.table.select_several([names(dialog).index(name) for name in wanted])


def settled(qtbot: QtBot, window: Window) -> str:
    qtbot.waitUntil(lambda: not window.controller.state.progress, timeout=PATIENCE_MS)
    notice = window.controller.state.notice
    return "" if notice is None else notice.sentence


def test_without_runs_it_says_so(qtbot: QtBot, window: Window) -> None:
    dialog = opened(qtbot, window, 0)
    qtbot.waitUntil(lambda: dialog.pages.currentWidget() is dialog.empty, timeout=PATIENCE_MS)
    assert not any(button.isEnabled() for button in dialog.buttons.values())


def test_runs_are_sorted_and_found(qtbot: QtBot, person: Person, window: Window) -> None:
    for name, seed, top1 in (("b", 1, 0.5), ("a", 2, 0.75), ("c", 3, 0.25)):
        make_run(name, seed=seed, top1=top1)
    dialog = opened(qtbot, window, 3)
    dialog.table.sorting_picked.emit(5)
    assert names(dialog) == ["a", "b", "c"]
    dialog.table.sorting_picked.emit(5)
    assert names(dialog) == ["c", "b", "a"]
    choose(dialog, "a")
    person.writes(dialog.search, "75")
    assert names(dialog) == ["a"]
    assert dialog.chosen() == (places.runs() / "a",)
    dialog.search.clear()
    assert dialog.chosen() == (places.runs() / "a",)


def test_runs_are_compared_and_new_ones_appear(qtbot: QtBot, person: Person, window: Window) -> None:
    make_run("one", seed=1, top1=0.5)
    make_run("two", seed=2, top1=0.5)
    dialog = opened(qtbot, window, 2)
    choose(dialog, "one")
    assert not dialog.buttons["compare"].isEnabled()
    choose(dialog, "one", "two")
    assert dialog.buttons["compare"].isEnabled()
    assert not dialog.buttons["rename"].isEnabled()
    person.clicks(dialog.buttons["compare"])
    qtbot.waitUntil(dialog.comparison.isVisible, timeout=PATIENCE_MS)
    assert ["recipe: seed", *sorted(("1", "2"))] in [
        [row[0], *sorted(row[1:])] for row in dialog.comparison.texts()
    ]
    person.clicks(dialog.end_comparison)
    assert not dialog.comparison.isVisible()
    make_run("three", seed=3, top1=0.5)
    qtbot.waitUntil(lambda: len(names(dialog)) == 3, timeout=PATIENCE_MS)


def test_a_run_is_noted_upon_renamed_and_packed(
    qtbot: QtBot, person: Person, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = make_run("one", seed=1, top1=0.5)
    dialog = opened(qtbot, window, 1)
    answers = iter(("the darker photos", "another name"))

    def ask_text(_title: str, _label: str, _text: str, picked: Callable[[str], None]) -> None:
        picked(next(answers))

    def choose_target(suggestion: str, picked: Callable[[Path], None]) -> None:
        picked(tmp_path / suggestion)

    monkeypatch.setattr(window.dialogs, "ask_text", ask_text)
    monkeypatch.setattr(window.dialogs, "choose_target", choose_target)
    choose(dialog, "one")
    person.clicks(dialog.buttons["note"])
    assert settled(qtbot, window) == "Noted in the diary of one."
    assert "the darker photos" in diary.read(run)
    person.clicks(dialog.buttons["pack"])
    assert "one.zip is written" in settled(qtbot, window)
    assert folders.open(tmp_path / "one.zip").record == folders.open(run).record
    person.clicks(dialog.buttons["rename"])
    assert settled(qtbot, window) == "It is called another name now."
    qtbot.waitUntil(lambda: names(dialog) == ["another name"], timeout=PATIENCE_MS)


def test_what_is_being_trained_is_not_trashed(qtbot: QtBot, person: Person, window: Window) -> None:
    run = make_run("one", seed=1, top1=0.5)
    dialog = opened(qtbot, window, 1)
    choose(dialog, "one")
    with lock.held(run):
        person.clicks(dialog.buttons["trash"])
        assert "being trained" in settled(qtbot, window)
    assert run.is_dir()
    assert "being trained" in dialog.told.text()


def test_a_damaged_run_is_listed_and_left_alone(qtbot: QtBot, window: Window) -> None:
    run = make_run("one", seed=1, top1=0.5)
    (run / "run.json").write_text("{", encoding="utf-8")
    dialog = opened(qtbot, window, 1)
    choose(dialog, "one")
    assert not dialog.buttons["open"].isEnabled()
    assert "run.json" in dialog.buttons["open"].toolTip()


def test_a_clone_fills_the_form(qtbot: QtBot, person: Person, window: Window) -> None:
    """Without a folder on the screen the run is opened, whose network and recipe are then in the form."""
    make_run("one", seed=77, top1=0.5)
    dialog = opened(qtbot, window, 1)
    choose(dialog, "one")
    person.clicks(dialog.buttons["clone"])
    settled(qtbot, window)
    setup = window.controller.state.setup
    assert setup is not None
    assert dict(setup.values)["seed"] == 77
    assert setup.network == "mini"


def test_columns_of_numbers_begin_with_the_largest() -> None:
    rows = [RunRow(name, (name,), (name, *[0.0] * 4, value)) for name, value in (("b", 1.0), ("a", 2.0))]
    order = Order()
    order.pick(0)
    assert [row.path for row in order.arranged(rows, "")] == ["a", "b"]
    order.pick(5)
    assert [row.path for row in order.arranged(rows, "")] == ["a", "b"]
    order.pick(5)
    assert [row.path for row in order.arranged(rows, "B")] == ["b"]
