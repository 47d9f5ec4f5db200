"""Choosing how curves are drawn and which runs beside each other: the real window, runs, jobs and settings."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from alexnet_studio.ground import places
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs import log_reader
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Epoch, Note, Row, Started, Step
from alexnet_studio.studio.jobs import run as run_jobs
from alexnet_studio.studio.jobs.run import LogRead, Opened
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.curves import CurveLook, CurvesView
from alexnet_studio.studio.window import Window

PATIENCE_MS = 20_000


def rows(epochs: int, seed: int) -> list[Row]:
    rng = np.random.default_rng(seed)
    made: list[Row] = [Started(0, 0, epochs, 10, 90, 10, 3, "mini", "cpu", "float32", 3)]
    for step in range(1, 10 * epochs + 1):
        loss = float(rng.random())
        made.append(Step(step, 1 + (step - 1) // 10, loss, 0.5, 0.75, 3, 0.02, 100.0, step * 0.5))
        if step % 10 == 0:
            val = 0.3 + 0.5 * float(rng.random())
            made.append(Epoch(step // 10, step, 1.0, 0.5, 0.9, val, val, val, 3, 5.0, 100.0, val - 0.1))
    return [*made, Note(10 * epochs, "stuck", "It is stuck.")]


def run_at(path: Path, *, seed: int = 0, lr: float = 0.02, epochs: int = 3) -> Path:
    shutil.copytree(places.resources() / "example-run", path, ignore=shutil.ignore_patterns("metrics*"))
    record = json.loads((path / "run.json").read_text(encoding="utf-8"))
    record["recipe"].update(seed=seed, lr=lr)
    (path / "run.json").write_text(json.dumps(record), encoding="utf-8")
    lines = History(path / "metrics.jsonl")
    for row in rows(epochs, seed):
        lines.append(row)
    return path


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(
    qtbot: QtBot, theme: Theme, memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    made = Window(theme, memory)
    qtbot.addWidget(made)
    made.panels.training.build_curves()
    yield made
    made.controller.close()


def state_of(window: Window) -> State:
    return window.controller.state


def opened(qtbot: QtBot, window: Window, path: Path) -> None:
    window.open(path)
    qtbot.waitUntil(lambda: state_of(window).run is not None, timeout=PATIENCE_MS)


def curves(window: Window) -> CurvesView:
    return view_state(state_of(window)).training.curves


def test_several_runs_each_have_their_colour_and_seeds_become_a_mean(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    own = run_at(tmp_path / "runs" / "own", seed=1)
    sister = run_at(tmp_path / "runs" / "sister", seed=2)
    other = run_at(tmp_path / "runs" / "other", lr=0.1, epochs=2)
    opened(qtbot, window, own)
    assert curves(window).runs == ()
    assert [key.label for key in curves(window).error.keys][-1] == "balanced validation"
    assert curves(window).loss.marks == ((30.0, "It is stuck."),)

    window.controller.act("choose_runs")
    qtbot.waitUntil(lambda: curves(window).choosing == 1, timeout=PATIENCE_MS)
    assert {(name, shown) for _, name, _, shown in curves(window).choices} == {
        ("sister", False),
        ("other", False),
    }
    window.panels.training.overlay_requested.emit((str(sister), str(other), str(own)))
    qtbot.waitUntil(lambda: len(state_of(window).curves.runs) == 2, timeout=PATIENCE_MS)
    view = curves(window)
    assert [(key.label, key.run) for key in view.runs] == [("own", 0), ("sister", 1), ("other", 2)]
    assert view.can_mean
    assert [trace.run for trace in view.loss.traces] == [0, 0, 1, 1, 2, 2]

    window.panels.training.look_picked.emit("mean", True)
    view = curves(window)
    assert [key.label for key in view.runs] == ["own and 1 more, mean", "other"]
    validation = view.loss.traces[1]
    both = [
        np.array([row.val_loss for row in rows(3, seed) if isinstance(row, Epoch)], float) for seed in (1, 2)
    ]
    np.testing.assert_allclose(validation.y, (both[0] + both[1]) / 2)
    assert validation.low is not None
    np.testing.assert_allclose(validation.low, np.minimum(*both))

    window.panels.training.overlay_requested.emit(())
    assert curves(window).runs == ()


def test_what_is_no_run_is_told_and_the_others_stay(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    opened(qtbot, window, run_at(tmp_path / "own"))
    sister = run_at(tmp_path / "sister", seed=2)
    window.controller.after(window.controller.curves.overlay)((sister, tmp_path / "gone"))
    qtbot.waitUntil(lambda: state_of(window).notice is not None, timeout=PATIENCE_MS)
    assert [run.path for run in state_of(window).curves.runs] == [sister]


def test_how_curves_are_drawn_is_remembered(
    window: Window, memory: Memory, theme: Theme, qtbot: QtBot
) -> None:
    for name, value in (("axis", "time"), ("log", True), ("smoothing", 42), ("below", ""), ("mean", True)):
        window.panels.training.look_picked.emit(name, value)
    again = Window(theme, memory)
    qtbot.addWidget(again)
    assert state_of(again).curves.look == CurveLook("time", log=True, smoothing=42, below="", mean=True)
    again.controller.close()


def test_damaged_settings_give_the_usual_curves(tmp_path: Path, theme: Theme, qtbot: QtBot) -> None:
    (tmp_path / "bad.ini").write_text(
        "[General]\ncurves_axis=moon\ncurves_smoothing=1e9\ncurves_log=@Variant(x)\n", encoding="utf-8"
    )
    made = Window(theme, Memory(QSettings(str(tmp_path / "bad.ini"), QSettings.Format.IniFormat)))
    qtbot.addWidget(made)
    assert state_of(made).curves.look == CurveLook()
    made.controller.close()


def test_a_long_history_is_shown_by_its_end_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_reader, "_BLOCK_BYTES", 200)
    monkeypatch.setattr(run_jobs, "_SHOWN_FIRST", 5)
    path = run_at(tmp_path / "own")
    events = list(run_jobs.open_run(path))
    first = next(event for event in events if isinstance(event, Opened))
    assert list(first.log.steps[0]) == [26, 27, 28, 29, 30]
    assert any(isinstance(event, Progress) for event in events)
    last = events[-1]
    assert isinstance(last, LogRead)
    assert list(last.log.steps[0]) == list(range(1, 31))


def test_fault_49_a_run_with_a_damaged_line_shows_its_curves_and_names_the_line(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    path = run_at(tmp_path / "own")
    lines = (path / "metrics.jsonl").read_bytes().split(b"\n")
    lines[4] = b"{"
    (path / "metrics.jsonl").write_bytes(b"\n".join(lines))
    opened(qtbot, window, path)
    run, notice = state_of(window).run, state_of(window).notice
    assert run is not None
    assert len(run.curves.steps) == 29
    assert notice is not None
    assert "Line 5" in notice.sentence
