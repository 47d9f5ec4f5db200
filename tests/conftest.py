"""What every test promises: no thread, window or timer left behind, no warning, no network, no file in a home."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from loopback_only import block_others

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# One process a core runs the tests: threads of theirs would wait for each other, spinning, for twice the time.
os.environ["OMP_NUM_THREADS"] = "1"
_PLACES = Path(tempfile.mkdtemp(prefix="alexnet-studio-tests-"))
os.environ["ALEXNET_STUDIO_CACHE"] = str(_PLACES / "cache")
os.environ["ALEXNET_STUDIO_DATA"] = str(_PLACES / "data")

# A machine that is busy, or draws its first text, is no fault of a test.
settings.register_profile("studio", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("studio")

_THREADS_END_WITHIN_SECONDS = 3.0


def pytest_unconfigure() -> None:
    shutil.rmtree(_PLACES, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def nobody_waits_for_the_disk() -> Iterator[None]:
    """Nothing here outlives its machine. That files are synced, and when, `test_runs_checkpoint` asks by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", _pass)
        yield


def _pass(_: object) -> None: ...


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _THREADS_END_WITHIN_SECONDS
    while left := [thread for thread in threading.enumerate() if thread not in before and thread.is_alive()]:
        if time.monotonic() > deadline:
            pytest.fail(f"threads left behind: {[thread.name for thread in left]}")
        time.sleep(0.01)


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        block_others(patch)
        yield


@pytest.fixture(autouse=True)
def nothing_of_qt_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A window or a running timer that outlives its test would act in the middle of the next one."""
    if not {"qtbot", "qapp"} & set(request.fixturenames):
        yield
        return
    app: QApplication = request.getfixturevalue("qapp")
    before = {id(widget) for widget in app.topLevelWidgets()}
    gc.collect()
    gc.freeze()  # what is there already, torch above all, would be looked through again after each test, for a second
    yield
    _settle(app)
    widgets = [widget for widget in app.topLevelWidgets() if id(widget) not in before]
    if widgets:
        pytest.fail(f"windows left behind: {[f'{type(w).__name__} {w.objectName()}' for w in widgets]}")
    timers = _running_timers()
    if timers:
        pytest.fail(f"timers left running: {timers}")


def _settle(app: QApplication) -> None:
    """Let what was asked to go, go; a widget that only a cycle keeps alive is not left behind."""
    from PySide6.QtCore import QCoreApplication, QEvent

    for _ in range(2):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.processEvents()
        gc.collect()


def _running_timers() -> list[str]:
    from PySide6.QtCore import QTimer
    from shiboken6 import Shiboken

    assert "PySide6" in sys.modules
    found = [thing for thing in gc.get_objects() if type(thing) is QTimer]
    return [f"{timer.interval()} ms" for timer in found if Shiboken.isValid(timer) and timer.isActive()]
