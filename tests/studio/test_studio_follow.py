"""The window shows a run as it grows while another process trains it, and a packed run like any other."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest
from other_trainer import trained_elsewhere
from pytestqt.qtbot import QtBot
from tiny_photos import TINY, photos
from unended_run import unended_run

from alexnet_studio.ground import places
from alexnet_studio.runs import lock
from alexnet_studio.runs.history import History
from alexnet_studio.runs.pack import pack
from alexnet_studio.runs.rows import Ended, Note, Step
from alexnet_studio.runs.tail import Tail
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.run import RunState
from alexnet_studio.studio.window import Window
from alexnet_studio.training.command_words import recipe_words

PATIENCE_MS = 60_000


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


def test_fault_58_a_run_that_another_process_trains_is_opened_with_who_it_is_and_followed(
    qtbot: QtBot, window: Window, run: Path
) -> None:
    with trained_elsewhere(run) as other:
        seen = opened(qtbot, window, run)
        state = window.controller.state
        assert f"({other.pid} on {socket.gethostname()})" in view_state(state).training.message
        resume = view_actions.resume(state)
        assert not resume.enabled and str(other.pid) in resume.tip
        before = len(seen.curves.steps)
        qtbot.waitUntil(lambda: len(seen.curves.steps) > before + 1, timeout=PATIENCE_MS)
        assert not window.controller.jobs.running(JobKind.TRAIN)
    qtbot.waitUntil(lambda: not seen.elsewhere, timeout=PATIENCE_MS)
    assert view_actions.resume(state).enabled, "it was killed, and can be gone on with here"


def test_fault_58_resuming_what_another_process_has_just_gone_on_with_follows_it_instead(
    qtbot: QtBot, window: Window, run: Path
) -> None:
    last = Ended(190, 3, "stopped", 1)
    History(run / "metrics.jsonl").append(last)
    seen = opened(qtbot, window, run)
    qtbot.waitUntil(lambda: not window.controller.state.progress, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.controller.jobs.running(JobKind.FOLLOW), timeout=PATIENCE_MS)
    state = window.controller.state
    with trained_elsewhere(run) as other:
        assert view_actions.resume(state).enabled, "nothing has told the window yet"
        window.commands["resume"].trigger()
        qtbot.waitUntil(lambda: seen.elsewhere and state.notice is not None, timeout=PATIENCE_MS)
        assert state.notice is not None
        assert f"process {other.pid} on {socket.gethostname()}" in state.notice.sentence
        before = len(seen.curves.steps)
        qtbot.waitUntil(lambda: len(seen.curves.steps) > before + 1, timeout=PATIENCE_MS)
        assert seen.holder is not None and seen.holder.pid == other.pid
        assert not window.controller.jobs.running(JobKind.TRAIN)
        assert not window.controller.jobs.running(JobKind.INDEX), "its weights are moving"


@pytest.mark.slow
def test_fault_58_a_training_of_the_command_line_is_followed_and_not_trained_twice(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    folder, run = photos(tmp_path / "photos"), tmp_path / "theirs"
    options = recipe_words({**TINY, "epochs": 100_000})
    words = [sys.executable, "-m", "alexnet_studio", "train", str(folder), "--run", str(run), *options]
    with subprocess.Popen([*words, "--network=mini", "--json"], stdout=subprocess.DEVNULL) as other:
        try:
            qtbot.waitUntil(lambda: bool(Tail(run / "metrics.jsonl").rows), timeout=PATIENCE_MS)
            seen = opened(qtbot, window, run)
            assert f"({other.pid} on " in view_state(window.controller.state).training.message
            assert not view_actions.resume(window.controller.state).enabled
            before = len(seen.curves.steps)
            qtbot.waitUntil(lambda: len(seen.curves.steps) > before, timeout=PATIENCE_MS)
        finally:
            other.terminate()
    qtbot.waitUntil(lambda: not seen.elsewhere and seen.ended is not None, timeout=PATIENCE_MS)
    assert view_actions.resume(window.controller.state).enabled
