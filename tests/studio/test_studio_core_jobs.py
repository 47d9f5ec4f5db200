"""The mailbox: everything arrives, in order, once, in the GUI thread; nothing stale does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.studio.jobs.runner import Finished, JobKind, Jobs, Message, Told, Work


class Ear:
    """What was heard, and in which thread."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.calls = 0
        self.threads: set[int] = set()

    def __call__(self, messages: Sequence[Message]) -> None:
        self.calls += 1
        self.heard += messages
        self.threads.add(threading.get_ident())

    @property
    def events(self) -> list[object]:
        return [message.event for message in self.heard if isinstance(message, Told)]

    @property
    def ends(self) -> list[Finished]:
        return [message for message in self.heard if isinstance(message, Finished)]


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def jobs(qtbot: QtBot, ear: Ear) -> Iterator[Jobs]:
    _ = qtbot
    parent = QObject()
    made = Jobs(ear, parent)
    yield made
    made.close()
    parent.deleteLater()


def counting(last: int) -> Callable[[], Work]:
    def work() -> Work:
        yield from range(last)

    return work


def test_all_events_arrive_in_order_in_the_gui_thread_and_in_few_calls(
    qtbot: QtBot, jobs: Jobs, ear: Ear
) -> None:
    jobs.start(JobKind.SCAN, counting(30_000))
    qtbot.waitUntil(lambda: len(ear.ends) == 1)
    assert ear.events == list(range(30_000))
    assert ear.ends == [Finished(JobKind.SCAN, cancelled=False)]
    assert ear.threads == {threading.get_ident()}
    assert ear.calls < 100  # one call for each tick, not for each event
    assert not jobs.running(JobKind.SCAN)


def test_cancelling_closes_the_generator_and_its_finally_runs(qtbot: QtBot, jobs: Jobs, ear: Ear) -> None:
    saved = threading.Event()

    def endless() -> Work:
        try:
            while True:
                yield None
        finally:
            saved.set()

    jobs.start(JobKind.TRAIN, endless)
    jobs.cancel(JobKind.TRAIN)
    qtbot.waitUntil(lambda: bool(ear.ends))
    assert saved.is_set()
    assert ear.ends == [Finished(JobKind.TRAIN, cancelled=True)]
    assert ear.events == []


def test_an_answer_to_an_earlier_question_is_dropped(qtbot: QtBot, jobs: Jobs, ear: Ear) -> None:
    asked, answered = threading.Event(), threading.Event()

    def slow() -> Work:
        asked.set()
        answered.wait(5)
        yield "stale"

    def quick() -> Work:
        yield "fresh"

    jobs.start(JobKind.QUERY, slow)
    assert asked.wait(5)
    jobs.start(JobKind.QUERY, quick)
    answered.set()
    qtbot.waitUntil(lambda: bool(ear.ends))
    qtbot.wait(100)
    assert ear.events == ["fresh"]
    assert len(ear.ends) == 1


def test_a_paused_job_takes_no_step_and_can_still_be_cancelled(qtbot: QtBot, jobs: Jobs, ear: Ear) -> None:
    taken: list[int] = []

    def steps() -> Work:
        for step in range(1_000_000):
            taken.append(step)
            yield step

    jobs.start(JobKind.TRAIN, steps)
    qtbot.waitUntil(lambda: bool(ear.events))
    jobs.set_paused(JobKind.TRAIN, True)
    qtbot.wait(50)
    standing = len(taken)
    qtbot.wait(100)
    assert len(taken) == standing
    jobs.set_paused(JobKind.TRAIN, False)
    qtbot.waitUntil(lambda: len(taken) > standing)
    jobs.set_paused(JobKind.TRAIN, True)
    jobs.cancel(JobKind.TRAIN)
    qtbot.waitUntil(lambda: bool(ear.ends))


def test_an_error_becomes_the_jobs_end(qtbot: QtBot, jobs: Jobs, ear: Ear) -> None:
    error = BadInput("no_images", "{path} holds no images.", path="here")

    def failing() -> Work:
        yield 1
        raise error

    jobs.start(JobKind.SCAN, failing)
    qtbot.waitUntil(lambda: bool(ear.ends))
    assert ear.ends[0].error is error


def test_an_unforeseen_error_is_told_in_a_sentence_and_logged(
    qtbot: QtBot, jobs: Jobs, ear: Ear, caplog: pytest.LogCaptureFixture
) -> None:
    def failing() -> Work:
        yield 1
        raise ZeroDivisionError("so")

    jobs.start(JobKind.INDEX, failing)
    qtbot.waitUntil(lambda: bool(ear.ends))
    error = ear.ends[0].error
    assert error is not None
    assert error.code == "unexpected"
    assert "ZeroDivisionError" in error.sentence
    assert "ZeroDivisionError" in caplog.text


def test_imports_are_prepared_before_any_work(qtbot: QtBot, ear: Ear) -> None:
    order: list[str] = []

    def work() -> Work:
        order.append("work")
        yield None

    parent = QObject()
    jobs = Jobs(ear, parent, lambda: order.append("prepared"))
    jobs.start(JobKind.SCAN, work)
    qtbot.waitUntil(lambda: bool(ear.ends))
    assert order == ["prepared", "work"]
    jobs.close()
    parent.deleteLater()


def test_closing_waits_for_the_threads(jobs: Jobs, ear: Ear) -> None:
    ended = threading.Event()

    def endless() -> Work:
        try:
            while True:
                yield None
        finally:
            ended.set()

    jobs.start(JobKind.SCAN, endless)
    jobs.start(JobKind.TRAIN, counting(3))
    jobs.close()
    assert ended.is_set()
    assert ear.heard == []
