"""A pause costs nothing: what a consumer does with an event is not training time."""

from __future__ import annotations

import itertools
import time
from collections.abc import Generator
from pathlib import Path

import pytest
import tiny

from alexnet_studio.runs.rows import Ended, Epoch, Step
from alexnet_studio.training.events import Saved
from alexnet_studio.training.stopwatch import Rate, WorkingClock
from alexnet_studio.training.trainer import Request, resume, train


def test_the_clock_stands_still_while_the_consumer_holds_an_event() -> None:
    clock = WorkingClock()

    def job() -> Generator[float]:
        for _ in range(3):
            time.sleep(0.02)
            yield clock.now()

    began = clock.now()
    for _ in clock.uncounted(job()):
        time.sleep(0.1)
    assert 0.06 <= clock.now() - began < 0.25


def test_closing_closes_what_it_wraps() -> None:
    closed: list[bool] = []

    def job() -> Generator[int]:
        try:
            yield 1
        finally:
            closed.append(True)

    events = WorkingClock().uncounted(job())
    next(events)
    events.close()
    assert closed == [True]


def test_the_rate_is_that_of_the_last_steps() -> None:
    rate = Rate(steps=2)
    assert rate.value() == 0.0
    for images, seconds in ((64, 100.0), (64, 1.0), (32, 1.0)):
        rate.add(images, seconds)
    assert rate.value() == pytest.approx(48.0)


def test_a_paused_training_is_not_a_slow_one(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data")
    request = Request(folder, tmp_path / "run", tiny.spec(), tiny.recipe(epochs=2))
    epochs: list[Epoch] = []
    began = time.perf_counter()
    for event in train(request):
        if isinstance(event, Step):
            time.sleep(0.15)
        if isinstance(event, Epoch):
            epochs.append(event)
    assert time.perf_counter() - began > 0.9
    last = epochs[-1]  # the first one warms torch up
    assert last.seconds < 0.4
    assert last.images_per_second > 12 / 0.4


def test_fault_47_a_clock_that_is_set_back_or_slept_through_makes_no_time_negative(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the wall's clock says; the time left, which follows from an epoch's, is then right at the next one."""
    folder = tiny.folder(tmp_path / "data")
    jumps = itertools.cycle((-86_400.0, 36_000.0, -3_600.0))  # seconds: set back by a day, asleep for a night
    wall = time.time()

    def jumping() -> float:
        nonlocal wall
        wall += next(jumps)
        return wall

    monkeypatch.setattr(time, "time", jumping)
    monkeypatch.setattr("alexnet_studio.training.keeping.INTERVAL_S", 0.0)
    monkeypatch.setattr("alexnet_studio.training.keeping.FIRST_S", 0.0)
    events = list(train(Request(folder, tmp_path / "run", tiny.spec(), tiny.recipe(epochs=2))))
    steps = [event for event in events if isinstance(event, Step)]
    seconds = [event.seconds for event in steps if event.seconds is not None]
    assert len(seconds) == len(steps) and seconds == sorted(seconds)
    assert seconds[0] >= 0 and seconds[-1] < 30
    assert all(0 < event.seconds < 30 for event in events if isinstance(event, Epoch))
    assert all(0 < step.images_per_second < 1e6 for step in steps)
    assert sum(isinstance(event, Saved) for event in events) > 2
    later = list(resume(tmp_path / "run", changes={"epochs": 3}))
    assert isinstance(later[-1], Ended) and later[-1].reason == "finished"


def test_the_seconds_of_steps_leave_out_pauses_and_go_on_after_a_resume(tmp_path: Path) -> None:
    folder = tiny.folder(tmp_path / "data")
    request = Request(folder, tmp_path / "run", tiny.spec(), tiny.recipe(epochs=2))
    began = time.perf_counter()
    paused = 0.0
    seconds: list[float] = []
    events = train(request)
    for event in events:
        if isinstance(event, Step):
            assert event.seconds is not None
            seconds.append(event.seconds)
            time.sleep(0.1)
            paused += 0.1
        if isinstance(event, Epoch):
            break
    events.close()
    assert 0 < seconds[0] <= seconds[-1] <= time.perf_counter() - began - paused
    later = [event.seconds for event in resume(tmp_path / "run", folder=None) if isinstance(event, Step)]
    assert None not in later
    assert later == sorted(one for one in later if one is not None)
    assert later[0] is not None
    assert seconds[-1] < later[0]
