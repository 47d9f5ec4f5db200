"""Changing a training while it runs, from the window: its own, and one of another process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot
from unended_run import unended_run

from alexnet_studio.runs import inbox
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Started, Step
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.state.run import Phase, RunState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window

PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("photos")
    noise = np.random.default_rng(1)
    for name, colour in {"blue": (40, 60, 200), "green": (40, 180, 60)}.items():
        (root / name).mkdir()
        for number in range(8):
            pixels = np.clip(noise.normal(colour, 20, (48, 48, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    return root


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1200, 800)
    made.panels.training.build_curves()
    yield made
    made.controller.close()


def state_of(window: Window) -> State:
    return window.controller.state


def run_of(window: Window) -> RunState:
    run = state_of(window).run
    assert run is not None
    return run


def answered(qtbot: QtBot, window: Window, words: str) -> None:
    qtbot.waitUntil(lambda: words in window.notice.sentence.text(), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not state_of(window).progress.keys() - {JobKind.TRAIN}, timeout=PATIENCE_MS)


def marks(run: RunState) -> str:
    return "\n".join(mark.text for mark in run.curves.marks)


@pytest.mark.slow
def test_the_window_changes_its_own_training(
    qtbot: QtBot, person: Person, window: Window, photos: Path
) -> None:
    orders = window.panels.training.orders
    assert not window.commands["save_now"].isEnabled()
    assert "No training" in window.commands["save_now"].statusTip()
    window.open(photos)
    qtbot.waitUntil(
        lambda: state_of(window).setup is not None and not state_of(window).progress, timeout=PATIENCE_MS
    )
    values = (("width", 0.25), ("batch_size", 6), ("epochs", 900), ("workers", 0), ("schedule", "constant"))
    for field, value in (*values, ("lr", 0.02)):
        window.panels.training.recipe_edited.emit(field, value)
    window.commands["start"].trigger()
    qtbot.waitUntil(
        lambda: state_of(window).run is not None and run_of(window).step is not None, timeout=PATIENCE_MS
    )
    # Visible and disabled until the view that knows of the first step is drawn.
    qtbot.waitUntil(lambda: orders.isVisible() and orders.rate.isEnabled(), timeout=PATIENCE_MS)
    run = run_of(window)

    person.writes(orders.rate, "0,004")
    person.presses(orders.rate, Qt.Key.Key_Return)
    answered(qtbot, window, "rate is 0.004")
    person.clicks(orders.buttons["tenth_rate"])
    answered(qtbot, window, "rate is 0.0004")
    qtbot.waitUntil(
        lambda: run.step is not None and run.step.lr == pytest.approx(0.0004), timeout=PATIENCE_MS
    )
    qtbot.waitUntil(lambda: orders.rate.placeholderText() == "0.0004", timeout=PATIENCE_MS)

    assert [orders.freeze.itemText(index) for index in range(orders.freeze.count())] == list(run.layers[:-1])
    orders.freeze.activated.emit(1)
    answered(qtbot, window, f"{run.layers[1]} and all layers before it learn no more")
    person.clicks(orders.buttons["thaw"])
    answered(qtbot, window, "Every layer learns again")
    person.writes(orders.rate, "99")
    person.presses(orders.rate, Qt.Key.Key_Return)
    answered(qtbot, window, "must be larger than 0")
    person.writes(orders.rate, "much")
    person.presses(orders.rate, Qt.Key.Key_Return)
    answered(qtbot, window, "much is no learning rate")
    window.commands["save_now"].trigger()
    answered(qtbot, window, "Saved at step")
    assert (run.path / "checkpoints" / "last.pt").exists()
    for words in ("rate is 0.004", "rate is 0.0004", "learn no more", "learns again", "Saved at"):
        # Each change is a mark on the curve, told by the training: its answer may come before it.
        qtbot.waitUntil(lambda words=words: words in marks(run), timeout=PATIENCE_MS)

    window.commands["pause"].trigger()
    assert not window.commands["tenth_rate"].isEnabled()
    assert "paused" in orders.buttons["tenth_rate"].toolTip()
    window.commands["resume"].trigger()
    window.commands["stop"].trigger()
    qtbot.waitUntil(lambda: run.phase is Phase.READY and not state_of(window).progress, timeout=PATIENCE_MS)
    assert orders.isHidden()
    rates = {round(row.lr, 9) for row in History(run.path / "metrics.jsonl").read() if isinstance(row, Step)}
    assert rates == {0.02, 0.004, 0.0004}


@pytest.mark.slow
def test_the_window_changes_and_stops_a_training_of_another_process(
    qtbot: QtBot, window: Window, photos: Path, tmp_path: Path
) -> None:
    path = tmp_path / "theirs"
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
        "900",
    ]
    options = ["--batch-size", "8", "--schedule", "constant", "--lr", "0.02", "--width", "0.25", "--json"]
    with subprocess.Popen(
        [sys.executable, "-m", "alexnet_studio", *words, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as training:
        try:
            qtbot.waitUntil((path / "metrics.jsonl").exists, timeout=PATIENCE_MS)
            window.open(path)
            qtbot.waitUntil(
                lambda: state_of(window).run is not None and run_of(window).elsewhere, timeout=PATIENCE_MS
            )
            run = run_of(window)
            qtbot.waitUntil(lambda: run.step is not None, timeout=PATIENCE_MS)
            qtbot.waitUntil(window.commands["set_rate"].isEnabled, timeout=PATIENCE_MS)
            window.commands["set_rate"].trigger()
            dialog = window.findChild(QInputDialog)
            assert dialog is not None and dialog.textValue() == "0.02"
            dialog.setTextValue("0.005")
            dialog.accept()
            answered(qtbot, window, "rate is 0.005")
            window.commands["freeze"].trigger()
            dialog = next(one for one in window.findChildren(QInputDialog) if one.isVisible())
            dialog.setTextValue("conv2")
            dialog.accept()
            answered(qtbot, window, "conv2 and all layers before it")
            qtbot.waitUntil(lambda: "conv2 and all" in marks(run), timeout=PATIENCE_MS)
            window.commands["stop"].trigger()
            box = window.findChild(QMessageBox)
            assert box is not None and "theirs" in box.text()
            assert training.poll() is None, "it asks first"
            box.buttons()[0].click()
            answered(qtbot, window, "Stopped at step")
            _, errors = training.communicate(timeout=60)
        finally:
            training.kill()
    qtbot.waitUntil(lambda: run.ended is not None and not run.elsewhere, timeout=PATIENCE_MS)
    assert training.returncode == 1, errors
    last = History(path / "metrics.jsonl").read()[-1]
    assert isinstance(last, Ended) and last.reason == "stopped"


@pytest.fixture
def followed(window: Window, tmp_path: Path) -> Path:
    """A run on the screen that somebody else trains: the test itself."""
    # A whole one: what its epochs left is read after each answer, and an error would be told over that.
    run = RunState(unended_run(tmp_path / "theirs"), elsewhere=True, layers=("conv1", "conv2", "fc8"))
    run.started = Started(0, 0, 1, 1, 1, 1, 2, "mini", "cpu", "float32", 2)
    run.add(Step(1, 1, 0.5, 0.5, 0.5, 2, 0.02, 100.0))
    (run.path / "inbox").mkdir(exist_ok=True)
    state_of(window).run = run
    window.controller.refresh()
    return run.path


def test_each_control_sends_its_order_and_shows_the_answer(
    qtbot: QtBot, person: Person, window: Window, followed: Path
) -> None:
    orders, trainer = window.panels.training.orders, inbox.Inbox(followed)

    def typed() -> None:
        person.writes(orders.rate, "0.005")
        person.presses(orders.rate, Qt.Key.Key_Return)

    deeds: tuple[tuple[Callable[[], object], inbox.Order], ...] = (
        (typed, inbox.Order("rate", 0.005)),
        (lambda: person.clicks(orders.buttons["tenth_rate"]), inbox.Order("divide", 10.0)),
        (lambda: orders.freeze.activated.emit(1), inbox.Order("freeze", layer="conv2")),
        (lambda: person.clicks(orders.buttons["thaw"]), inbox.Order("thaw")),
        (lambda: person.clicks(orders.buttons["save_now"]), inbox.Order("save")),
        (window.commands["save_now"].trigger, inbox.Order("save")),
    )
    assert window.commands["save_now"].shortcut().toString() == "Ctrl+S"
    for number, (act, order) in enumerate(deeds):
        act()
        taken: list[inbox.Order] = []
        qtbot.waitUntil(lambda taken=taken: bool(taken.extend(trainer.take()) or taken), timeout=PATIENCE_MS)
        (found,) = taken
        assert (found.kind, found.value, found.layer) == (order.kind, order.value, order.layer)
        assert not window.commands["thaw"].isEnabled(), "one at a time"
        done = number % 2 == 0
        trainer.reply(found, done=done, sentence=f"Answer {number}.")
        qtbot.waitUntil(
            lambda number=number: window.notice.sentence.text() == f"Answer {number}.", timeout=PATIENCE_MS
        )
        notice = state_of(window).notice
        assert notice is not None and notice.is_error is not done
        qtbot.waitUntil(window.commands["thaw"].isEnabled, timeout=PATIENCE_MS)
    assert not list((followed / "inbox").iterdir())


def test_an_order_that_nobody_answers_is_withdrawn(qtbot: QtBot, window: Window, followed: Path) -> None:
    window.controller.orders.wait_s = 0.3
    window.commands["tenth_rate"].trigger()
    assert not window.commands["thaw"].isEnabled(), "one at a time"
    qtbot.waitUntil(lambda: "Nobody has answered" in window.notice.sentence.text(), timeout=PATIENCE_MS)
    assert not list((followed / "inbox").iterdir())
    assert window.commands["thaw"].isEnabled()


def test_what_is_asked_for_no_longer_is_withdrawn(tmp_path: Path) -> None:
    asking = inbox.ask(tmp_path, inbox.Order("save"), 60)
    next(asking)
    assert len(list((tmp_path / "inbox").iterdir())) == 1
    asking.close()
    assert not list((tmp_path / "inbox").iterdir())
