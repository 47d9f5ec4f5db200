"""The window shows a run as it grows while another process trains it, and a packed run like any other."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from unended_run import unended_run

from alexnet_studio.ground import places
from alexnet_studio.runs import lock
from alexnet_studio.runs.history import History
from alexnet_studio.runs.pack import pack
from alexnet_studio.runs.rows import Ended, Note, Step
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.run import RunState
from alexnet_studio.studio.window import Window

PATIENCE_MS = 20_000


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return unended_run(tmp_path / "theirs")


def opened(qtbot: QtBot, window: Window, path: Path) -> RunState:
    window.open(path)
    qtbot.waitUntil(lambda: window.controller.state.run is not None, timeout=PATIENCE_MS)
    found = window.controller.state.run
    assert found is not None
    return found


def test_a_run_that_another_process_trains_is_followed_to_its_end(
    qtbot: QtBot, window: Window, run: Path
) -> None:
    with lock.held(run):
        seen = opened(qtbot, window, run)
        qtbot.waitUntil(lambda: seen.elsewhere, timeout=PATIENCE_MS)
        before, version = len(seen.curves.steps), seen.curves_version
        view = view_state(window.controller.state)
        assert "Another process" in view.training.message
        assert not view_actions.resume(window.controller.state).enabled
        assert seen.step is not None
        last = seen.step.step
        History(run / "metrics.jsonl").append(Step(last + 1, 9, 0.125, 0.5, 0.5, 5, 0.01, 100.0))
        History(run / "metrics.jsonl").append(Note(last + 1, "stuck", "It is stuck."))
        qtbot.waitUntil(lambda: len(seen.curves.steps) == before + 1, timeout=PATIENCE_MS)
        assert seen.curves_version > version
        assert (seen.step.loss, seen.note) == (0.125, "It is stuck.")
        History(run / "metrics.jsonl").append(Ended(last + 1, 9, "stopped", 1))
        qtbot.waitUntil(lambda: seen.ended is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not seen.elsewhere, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.controller.jobs.running(JobKind.FOLLOW), timeout=PATIENCE_MS)
    assert "Stopped" in view_state(window.controller.state).training.message


def test_a_history_that_was_cut_is_drawn_anew(qtbot: QtBot, window: Window, run: Path) -> None:
    seen = opened(qtbot, window, run)
    before = len(seen.curves.steps)
    History(run / "metrics.jsonl").cut(20, 0)
    qtbot.waitUntil(lambda: 0 < len(seen.curves.steps) < before, timeout=PATIENCE_MS)
    assert seen.step is not None
    assert seen.step.step <= 20


def test_a_packed_run_is_opened(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    list(pack(places.resources() / "example-run", tmp_path / "packed.zip"))
    seen = opened(qtbot, window, tmp_path / "packed.zip")
    assert seen.path.is_relative_to(tmp_path / "cache")
    assert seen.ended is not None
    assert window.controller.state.kernels.film
