"""How often a training is shown depends on what showing it costs, and not on that what happens seldom."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from queue import SimpleQueue

import pytest
from PySide6.QtCore import QObject, QSettings
from pytestqt.qtbot import QtBot

from alexnet_studio.ground import places
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs.rows import Ended, Epoch, Note, Started, Step
from alexnet_studio.studio import pace
from alexnet_studio.studio.controller import Controller
from alexnet_studio.studio.intents import training as training_intents
from alexnet_studio.studio.jobs.runner import Finished, JobKind, Told
from alexnet_studio.studio.jobs.training import Recorded
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.pace import Pace
from alexnet_studio.studio.state.run import Phase, RunState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.streaming import landmarks, may_wait
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.views.window import WindowView
from alexnet_studio.studio.window import Window
from alexnet_studio.training.events import Saved

STEPS = 1000
SOON_MS = 4000  # what is shown at once
LATE_S = 5.0  # what may wait, where each view costs what it does here


def _works(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_what_costs_little_is_shown_five_times_a_second_and_what_costs_much_seldom() -> None:
    now, spent = 100.0, 7.0
    own = Pace(lambda: now, lambda: spent)
    assert own.wait_s() == 0, "nothing has been shown yet"
    for cost, wait in ((0.0, 0.2), (0.0025, 0.2), (0.005, 0.4), (0.0125, 1.0), (0.1, 2.0)):
        spent += cost
        own.shown()
        assert own.wait_s() == pytest.approx(wait)
    now += 1.0
    assert own.wait_s() == pytest.approx(1.0)
    now += 1.5
    assert own.wait_s() == 0, "it is due, and was not counted as work"
    own.shown()
    assert own.wait_s() == pytest.approx(0.2)


def test_the_work_of_this_thread_is_what_counts() -> None:
    own = Pace(lambda: 0.0)
    _works(0.012)
    own.shown()
    busy = own.wait_s()
    time.sleep(0.1)
    own.shown()
    assert busy >= 0.6 and own.wait_s() < 0.6


class Training:
    """A training whose events a test gives, and every view that a controller makes of it."""

    def __init__(self, window: Window, settings: QSettings, parent: QObject) -> None:
        self.views: list[WindowView] = []
        self._events: SimpleQueue[object] = SimpleQueue()
        self.controller = Controller(window.dialogs, Memory(settings), self._show, _nowhere, parent)
        self.state = self.controller.state
        self.run = self.state.run = RunState(places.resources() / "example-run", Phase.TRAINING)
        self.state.progress[JobKind.TRAIN] = None
        self.controller.jobs.start(JobKind.TRAIN, self._work)
        self.controller.refresh()

    def tells(self, *events: object) -> None:
        for event in events:
            self._events.put(event)

    def _work(self) -> Generator[object]:
        while True:
            yield None if self._events.empty() else self._events.get()

    def _show(self, view: WindowView) -> None:
        _works(0.04)
        self.views.append(view)


def _nowhere(path: str, pixels: Pixels) -> None:
    """Where thumbnails go."""


@pytest.fixture
def training(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Training]:
    monkeypatch.setattr(pace, "_MOST_S", LATE_S)  # a busy machine stands still for more than two seconds
    monkeypatch.setattr(pace, "_SHARE", 0.001)
    made = Training(window, QSettings(str(tmp_path / "own.ini"), QSettings.Format.IniFormat), window)
    yield made
    made.controller.close()


def _steps(first: int, last: int) -> list[Step]:
    return [Step(step, 1, 0.5, 0.5, 0.5, 2, 0.01, 100.0) for step in range(first, last + 1)]


STARTED = Started(0, 0, 3, STEPS, 40, 8, 2, "mini", "cpu", "float32", 2)
EPOCH = Epoch(1, STEPS, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 2, 1.0, 100.0)


def test_what_happens_seldom_is_shown_at_once_and_steps_are_not(qtbot: QtBot, training: Training) -> None:
    views, run = training.views, training.run

    def is_shown(event: object, shown: Callable[[WindowView], bool]) -> None:
        assert not shown(views[-1])
        training.tells(event)
        qtbot.waitUntil(lambda: shown(views[-1]), timeout=SOON_MS)

    is_shown(Progress("decode", 3, 9), lambda view: "preparing the images 3 of 9" in view.status.job)
    is_shown(STARTED, lambda view: bool(view.readouts))
    training.tells(Recorded(("a", "b"), ("a/1.png",), (), ""))
    is_shown(_steps(1, 1)[0], lambda view: not view.status.job)
    is_shown(Note(1, "stuck", "It is stuck."), lambda view: view.training.message == "It is stuck.")
    is_shown(Saved(1, 0, best=True), lambda view: dict(view.actions)["choose_image"].enabled)

    before = len(views)
    training.tells(*_steps(2, STEPS))
    qtbot.waitUntil(lambda: run.step is not None and run.step.step == STEPS)
    assert len(views) - before <= 1
    # What waited is shown a little later, though nothing more is told: it may be paused, or validate for long.
    qtbot.waitUntil(lambda: len(views[-1].training.loss_train[0]) == STEPS, timeout=4 * SOON_MS)
    assert views[-1].training.curves.version == run.curves_version
    assert views[-1].training.curves.moment.place == STEPS

    is_shown(EPOCH, lambda view: len(view.readouts) == 4)
    last = len(views)
    is_shown(Ended(STEPS, 1, "stopped", 1), lambda _: len(views) > last)


def test_a_paused_training_shows_the_last_step_that_came(qtbot: QtBot, training: Training) -> None:
    training.tells(STARTED, *_steps(1, 1))
    qtbot.waitUntil(lambda: training.run.step is not None)
    training.tells(*_steps(2, 7))
    training.controller.settle(training.controller.trainings.pause)
    assert "Paused" in training.views[-1].training.message
    training.controller.settle(training.controller.trainings.resume)
    qtbot.waitUntil(lambda: training.run.step is not None and training.run.step.step == 7)
    version = training.run.curves_version
    training.controller.settle(training.controller.trainings.pause)
    qtbot.waitUntil(lambda: not training.controller.trainings.curves_wait, timeout=4 * SOON_MS)
    assert training.views[-1].training.curves.version >= version


def test_of_another_processes_training_its_end_and_its_notes_are_shown_at_once() -> None:
    state = State(run=RunState(Path("run"), elsewhere=True, started=STARTED))
    run = state.run
    assert run is not None
    assert may_wait(Told(JobKind.FOLLOW, None), state)
    assert not may_wait(Finished(JobKind.FOLLOW, cancelled=False), state)
    assert not may_wait(Told(JobKind.QUERY, None), state)
    run.add(Step(1, 1, 0.5, 0.5, 0.5, 2, 0.01, 100.0))
    before = landmarks(state)
    run.add(Step(2, 1, 0.5, 0.5, 0.5, 2, 0.01, 100.0))
    assert landmarks(state) == before
    seen = {before}
    run.add(Note(2, "stuck", "It is stuck."))
    seen.add(landmarks(state))
    run.ended = Ended(2, 1, "stopped", 1)
    seen.add(landmarks(state))
    run.elsewhere = False
    assert landmarks(state) not in seen and len(seen) == 3


def test_an_earlier_moment_that_somebody_looks_at_does_not_wait() -> None:
    state = State(run=RunState(Path("run"), Phase.TRAINING))
    told = Told(JobKind.PAST, None)
    assert may_wait(told, state)
    state.shown_step = 7
    assert not may_wait(told, state)
    assert not may_wait(told, State(run=RunState(Path("run"))))


def test_only_a_long_validation_is_told(
    qtbot: QtBot, training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    training.tells(STARTED, *_steps(1, 1))
    qtbot.waitUntil(lambda: bool(training.views[-1].readouts))
    training.tells(Progress("evaluate", 8, 8), EPOCH)
    qtbot.waitUntil(lambda: len(training.views[-1].readouts) == 4)
    assert not any("validating" in view.status.job for view in training.views)
    monkeypatch.setattr(training_intents, "LONG_SECONDS", 0.1)

    def is_told() -> bool:
        training.tells(Progress("evaluate", 16, 800))
        return training.views[-1].status.job == "validating 16 of 800"

    begun = time.monotonic()
    qtbot.waitUntil(is_told)
    assert time.monotonic() - begun >= 0.1
    training.tells(*_steps(2, 2))
    qtbot.waitUntil(lambda: not training.views[-1].status.job, timeout=SOON_MS)
