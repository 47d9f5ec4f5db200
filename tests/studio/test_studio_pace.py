"""How often a training is shown depends on what showing it costs."""

from __future__ import annotations

import time

from alexnet_studio.studio.pace import Pace


def _works(seconds: float) -> None:
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def test_what_costs_little_is_shown_five_times_a_second_and_what_costs_much_seldom() -> None:
    pace = Pace()
    assert pace.wait_s() == 0, "nothing has been shown yet"
    pace.shown()
    assert 0.1 < pace.wait_s() <= 0.2
    _works(0.008)
    pace.shown()
    assert 0.25 < pace.wait_s() <= 1.5
    _works(0.1)
    pace.shown()
    assert 1.4 < pace.wait_s() <= 1.5


def test_time_of_other_threads_is_not_counted_and_a_view_becomes_due() -> None:
    pace = Pace()
    pace.shown()
    time.sleep(0.25)
    assert pace.wait_s() == 0
    pace.shown()
    assert pace.wait_s() <= 0.2, "waiting is no work"
