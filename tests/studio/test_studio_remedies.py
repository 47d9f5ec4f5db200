"""What a training complains of, with a remedy at one click; an interrupted run that can go on; the status line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from person import Person
from PIL import Image
from pytestqt.qtbot import QtBot
from unended_run import unended_run

from alexnet_studio.runs import lock
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Epoch, Note, Started, Step
from alexnet_studio.studio.remedies import remedies
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.run import COMPLAINTS, Phase, RunState
from alexnet_studio.studio.state.setup import Setup
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.window import Window
from alexnet_studio.training import noticing
from alexnet_studio.training.recipe import Recipe

PATIENCE_MS = 20_000


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """The example, as it would be without its end."""
    made = unended_run(tmp_path / "theirs")
    (made / "checkpoints").mkdir(exist_ok=True)
    (made / "checkpoints" / "last.pt").touch()
    return made


def opened(qtbot: QtBot, window: Window, path: Path) -> RunState:
    window.open(path)
    qtbot.waitUntil(lambda: window.controller.state.run is not None, timeout=PATIENCE_MS)
    found = window.controller.state.run
    assert found is not None
    return found


def complaining(code: str, **values: Any) -> State:
    run = RunState(Path("run"))
    run.add(Note(5, code, "It goes wrong."))
    return State(run=run, setup=Setup("mini", tuple(Recipe(**values).model_dump().items())))


def test_the_codes_are_those_that_the_trainer_tells() -> None:
    source = Path(noticing.__file__).read_text(encoding="utf-8")
    assert all(f'"{code}"' in source for code in COMPLAINTS)


@pytest.mark.parametrize(
    ("code", "values", "fields"),
    [
        ("stuck", {"lr": 0.1}, {"lr": 0.01}),
        ("stuck", {"initialisation": "paper"}, {"initialisation": "he"}),
        ("collapsed", {"lr": 0.003}, {"lr": 0.0003}),
        ("overfits", {"mirror": False}, {"crop": True, "mirror": True}),
        ("overfits", {"mirror": False, "resized_crop": True}, {"resized_crop": True, "mirror": True}),
        ("overfits", {}, {"early_stopping": 5}),
        ("overfits", {"early_stopping": 9}, {"weight_decay": 0.001}),
        ("overfits", {"early_stopping": 9, "weight_decay": 0.01}, {}),
        ("starved", {"store": "none"}, {"store": "pixels"}),
        ("starved", {"workers": 3}, {"workers": 4}),
    ],
)
def test_each_complaint_has_its_remedy(code: str, values: dict[str, Any], fields: dict[str, object]) -> None:
    (found,) = remedies(complaining(code, **values))
    assert dict(found.fields) == fields
    assert bool(found.text) == bool(fields)
    Recipe.model_validate({**Recipe(**values).model_dump(), **dict(found.fields)})


def test_a_diverged_run_has_one_too() -> None:
    state = complaining("rate_changed", lr=0.5)
    assert state.run is not None
    state.run.ended = Ended(5, 1, "diverged", None, "The loss is no number.", "diverged")
    (found,) = remedies(state)
    assert dict(found.fields) == {"lr": 0.05}


def test_a_click_edits_the_form_and_leaves_what_runs_alone(
    qtbot: QtBot, person: Person, window: Window, run: Path
) -> None:
    with lock.held(run):
        seen = opened(qtbot, window, run)
        qtbot.waitUntil(lambda: seen.elsewhere, timeout=PATIENCE_MS)
        sentence = "The loss has stayed at ln(10) = 2.303, which is guessing."
        History(run / "metrics.jsonl").append(Note(900, "stuck", sentence))
        qtbot.waitUntil(lambda: bool(window.panels.training.advice.warnings), timeout=PATIENCE_MS)
        row = window.panels.training.advice.warnings[0]
        assert row.sentence.text() == sentence
        assert sentence not in window.panels.training.message.text(), "it is said once"
        setup = window.controller.state.setup
        assert setup is not None
        before = dict(setup.values)["lr"]
        assert isinstance(before, float)
        person.clicks(row.remedy)
        setup = window.controller.state.setup
        assert setup is not None
        assert dict(setup.values)["lr"] == pytest.approx(before / 10)
        assert not window.panels.training.advice.warnings, "not a tenth of the tenth"
        assert "next training" in window.notice.sentence.text()
        assert not list((run / "inbox").glob("*")), "nothing was sent to whoever trains it"


@pytest.mark.slow
def test_a_run_that_was_killed_offers_to_go_on(qtbot: QtBot, window: Window, run: Path) -> None:
    killed = "import os; from alexnet_studio.runs import lock; held = lock.held(path); held.__enter__(); os._exit(9)"
    words = [sys.executable, "-c", f"from pathlib import Path; path = Path({str(run)!r}); {killed}"]
    assert subprocess.run(words, check=False).returncode == 9
    assert (run / lock.NAME).exists()
    seen = opened(qtbot, window, run)
    qtbot.waitUntil(lambda: seen.interrupted, timeout=PATIENCE_MS)
    window.controller.refresh()
    assert "was interrupted in epoch" in window.notice.sentence.text()
    assert window.notice.remedy.text() == "Resume"
    assert window.commands["resume"].isEnabled()
    assert "Interrupted" in window.panels.training.message.text()
    window.notice.dismissed.emit()
    qtbot.wait(1500)
    assert not window.notice.isVisible(), "it is offered once"


@pytest.mark.slow
def test_a_training_that_was_killed_goes_on_in_the_window(
    qtbot: QtBot, person: Person, window: Window, tmp_path: Path
) -> None:
    path, photos = tmp_path / "killed", tmp_path / "photos"
    noise = np.random.default_rng(1)
    for name, colour in {"blue": (40, 60, 200), "green": (40, 180, 60)}.items():
        (photos / name).mkdir(parents=True)
        for number in range(8):
            pixels = np.clip(noise.normal(colour, 20, (48, 48, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(photos / name / f"{number}.png")
    words = [
        "train",
        str(photos),
        "--run",
        str(path),
        "--network",
        "mini",
        "--device",
        "cpu",
        "--epochs",
        "40",
    ]
    options = ["--batch-size", "4", "--width", "0.25", "--workers", "0", "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "alexnet_studio", *words, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as training:
        try:
            qtbot.waitUntil((path / "checkpoints" / "last.pt").exists, timeout=6 * PATIENCE_MS)
        finally:
            training.kill()
    rows = History(path / "metrics.jsonl").read()
    assert not any(isinstance(row, Ended) for row in rows)
    reached = max(row.step for row in rows if isinstance(row, Step))
    run = opened(qtbot, window, path)
    qtbot.waitUntil(lambda: window.notice.remedy.text() == "Resume", timeout=PATIENCE_MS)
    person.clicks(window.notice.remedy)
    qtbot.waitUntil(
        lambda: run.live and run.step is not None and run.step.step > reached, timeout=6 * PATIENCE_MS
    )
    qtbot.waitUntil(window.commands["stop"].isEnabled, timeout=PATIENCE_MS)
    window.commands["stop"].trigger()
    qtbot.waitUntil(lambda: run.ended is not None and run.phase is Phase.READY, timeout=6 * PATIENCE_MS)
    steps = [row.step for row in History(path / "metrics.jsonl").read() if isinstance(row, Step)]
    assert steps == sorted(set(steps)), "none is missing or doubled"
    qtbot.waitUntil(lambda: not window.controller.state.progress, timeout=6 * PATIENCE_MS)


def test_a_run_that_ended_is_not_interrupted(qtbot: QtBot, window: Window, run: Path) -> None:
    History(run / "metrics.jsonl").append(Ended(900, 9, "stopped", 1))
    seen = opened(qtbot, window, run)
    qtbot.wait(300)
    assert not seen.interrupted
    assert not window.notice.isVisible()


def test_the_status_line_tells_memory_speed_and_what_was_measured(window: Window) -> None:
    state = window.controller.state
    run = RunState(Path("run"), Phase.TRAINING)
    run.started = Started(0, 0, 3, 10, 13, 3, 2, "mini", "cuda", "bfloat16", 2)
    run.add(Note(0, "precision_measured", "It computes in bfloat16: 2.1 times as fast."))
    run.add(Step(5, 1, 0.5, 0.5, 0.5, 2, 0.01, 412.0))
    state.run = run
    assert view_state(state).status.device == "CUDA · bfloat16 · 412 images/s"

    run.add(Epoch(1, 10, 1, 0.5, 0.5, None, None, None, 2, 1.0, 400.0, memory_mb=5000.0))
    window.controller.refresh()
    assert window.status.device.text() == "CUDA · bfloat16 · 5.2 GB · 412 images/s"
    assert "2.1 times as fast" in window.status.device.toolTip()
    run.phase = Phase.READY
    assert view_state(state).status.device == "CUDA · bfloat16 · 5.2 GB"
