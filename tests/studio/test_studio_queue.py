"""The queue in the window: the same file as `queue FILE`, trained by the usual training, and nothing trained twice."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from other_trainer import trained_elsewhere
from person import Person
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot
from tiny_photos import photos, tiny_recipe

from alexnet_studio.ground import places
from alexnet_studio.images.corrections import Corrections
from alexnet_studio.insight.pooled import pooled
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.catalogue import summary
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.panels.runs import RunsDialog
from alexnet_studio.studio.state.queue import QueueState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window
from alexnet_studio.training import queue_file
from alexnet_studio.training.repeats import Kind

PATIENCE_MS = 60_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return photos(tmp_path / "photos")


def state_of(window: Window) -> State:
    return window.controller.state


def queue_of(window: Window) -> QueueState:
    return state_of(window).queue


def opened(qtbot: QtBot, window: Window, folder: Path, **changes: object) -> None:
    """`folder` on the screen, with a recipe that trains in a second."""
    window.open(folder)
    qtbot.waitUntil(lambda: state_of(window).setup is not None, timeout=PATIENCE_MS)
    fill(qtbot, window, **changes)


def fill(qtbot: QtBot, window: Window, **changes: object) -> None:
    controller = window.controller
    controller.settle(lambda: controller.recipes.take_proposal(tiny_recipe(**changes), False))
    idle(qtbot, window)


def idle(qtbot: QtBot, window: Window) -> None:
    """But for what a training would cost, which these tests do not wait for."""
    jobs = window.controller.jobs
    jobs.cancel(JobKind.ESTIMATE)
    qtbot.waitUntil(
        lambda: set(state_of(window).progress) <= {JobKind.ESTIMATE} and not jobs.running(JobKind.QUEUE),
        timeout=PATIENCE_MS,
    )


def add(qtbot: QtBot, window: Window) -> None:
    before = len(queue_file.read(places.queue())) if places.queue().exists() else 0
    window.commands["queue_add"].trigger()
    qtbot.waitUntil(lambda: len(queue_of(window).standings) == before + 1, timeout=PATIENCE_MS)
    idle(qtbot, window)


def worked(qtbot: QtBot, window: Window) -> list[str]:
    """Start the queue, wait for its end: the states of its entries."""
    window.controller.act("queue_start")
    qtbot.waitUntil(lambda: not queue_of(window).is_started, timeout=PATIENCE_MS)
    idle(qtbot, window)
    return [one.state for one in queue_of(window).standings]


def listed(qtbot: QtBot, window: Window) -> RunsDialog:
    window.commands["queue"].trigger()
    assert window.runs is not None
    qtbot.waitUntil(lambda: queue_of(window).is_read, timeout=PATIENCE_MS)
    idle(qtbot, window)
    return window.runs


def test_what_the_form_holds_is_queued_and_trained_one_after_the_other(
    qtbot: QtBot, person: Person, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    person.clicks(window.toolbar.queue)
    qtbot.waitUntil(lambda: len(queue_of(window).standings) == 1, timeout=PATIENCE_MS)
    fill(qtbot, window, seed=7, lr=0.001)
    labels = Corrections().with_label(["dark/0.png"], "light")
    window.controller.settle(lambda: window.controller.labels.set(labels))
    idle(qtbot, window)
    add(qtbot, window)
    assert "waits in the queue" in window.notice.sentence.text()
    fill(qtbot, window, seed=9)
    assert worked(qtbot, window) == ["finished", "finished"]
    first, second = (runs.open(places.runs() / f"photos-{n}").record for n in (1, 2))
    assert (first.recipe["seed"], second.recipe["seed"], second.recipe["lr"]) == (1, 7, 0.001)
    assert first.recipe["width"] == 0.25
    assert "dark/0.png" in (places.runs() / "photos-2" / "labels.csv").read_text(encoding="utf-8")
    setup, run = state_of(window).setup, state_of(window).run
    assert setup is not None and dict(setup.values)["seed"] == 9, "the form holds what comes next"
    assert run is not None and len(run.curves.steps) > 0, "it is seen as any other training is"
    assert "The queue is done: 2 finished" in window.notice.sentence.text()


def test_the_list_is_put_in_order_and_entries_are_taken_out(
    qtbot: QtBot, person: Person, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    for seed in (1, 2, 3):
        fill(qtbot, window, seed=seed)
        add(qtbot, window)
    page = listed(qtbot, window).queue

    def shown() -> list[str]:
        return [cells[0] for cells in page.table.texts()]

    def press(name: str, row: int) -> None:
        page.table.select(row)
        page.table.selection_moved.emit()
        person.clicks(page.buttons[name])
        idle(qtbot, window)

    assert shown() == ["photos-1", "photos-2", "photos-3"]
    assert [cells[4] for cells in page.table.texts()] == ["waiting"] * 3
    assert "seed 3" in page.table.texts()[2][3]
    press("up", 2)
    assert shown() == ["photos-1", "photos-3", "photos-2"]
    assert page.chosen() == places.runs() / "photos-3", "the selection goes with the entry"
    press("down", 0)
    assert shown() == ["photos-3", "photos-1", "photos-2"]
    press("remove", 1)
    assert shown() == ["photos-3", "photos-2"]
    assert [entry.run.name for entry in queue_file.read(places.queue())] == ["photos-3", "photos-2"]
    assert not (places.runs() / "photos-1").exists(), "its name is free again"
    assert not (places.queue().with_suffix("") / "photos-1").exists()


def test_one_that_fails_says_why_and_stops_nothing(qtbot: QtBot, window: Window, folder: Path) -> None:
    opened(qtbot, window, folder)
    gone = photos(places.data() / "gone")
    places.queue().write_text(f"train '{gone}' --run '{places.runs() / 'first'}'\n", encoding="utf-8")
    (gone / "dark" / "0.png").unlink()
    for file in [*gone.rglob("*.png")]:
        file.unlink()
    add(qtbot, window)
    page = listed(qtbot, window).queue
    assert worked(qtbot, window) == ["waiting", "finished"]
    rows = page.table.texts()
    assert [cells[4] for cells in rows] == ["failed", "finished"]
    assert "gone" in rows[0][-1]
    assert "1 did not" in window.notice.sentence.text()


def test_stopping_pauses_the_queue_which_goes_on_where_it_was(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder, epochs=100_000)
    add(qtbot, window)
    window.controller.act("queue_start")
    qtbot.waitUntil(lambda: _epochs(window) >= 2, timeout=PATIENCE_MS)
    window.commands["stop"].trigger()
    qtbot.waitUntil(lambda: not queue_of(window).is_started, timeout=PATIENCE_MS)
    idle(qtbot, window)
    assert "paused" in window.notice.sentence.text()
    (standing,) = queue_of(window).standings
    assert standing.state == "stopped"
    done = summary(places.runs() / "photos-1").epochs
    text = places.queue().read_text(encoding="utf-8")
    places.queue().write_text(text.replace("--epochs=100000", f"--epochs={done + 1}"), encoding="utf-8")
    assert worked(qtbot, window) == ["finished"]
    assert summary(places.runs() / "photos-1").epochs == done + 1
    run = state_of(window).run
    assert run is not None and len(run.curves.of_epochs("val_loss")[0]) == done + 1, (
        "with the curves of before"
    )


def _epochs(window: Window) -> int:
    run = state_of(window).run
    return 0 if run is None or run.epoch is None else run.epoch.epoch


@pytest.mark.slow
def test_the_command_line_goes_on_with_what_a_window_left(qtbot: QtBot, window: Window, folder: Path) -> None:
    opened(qtbot, window, folder)
    for seed in (1, 2):
        fill(qtbot, window, seed=seed)
        add(qtbot, window)
    window.close()
    words = [sys.executable, "-m", "alexnet_studio", "queue", str(places.queue()), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, check=True)
    assert [one["state"] for one in json.loads(done.stdout)] == ["finished", "finished"]
    records = [runs.open(places.runs() / f"photos-{n}").record for n in (1, 2)]
    assert [one.recipe["seed"] for one in records] == [1, 2]
    assert {one.recipe["width"] for one in records} == {0.25}


def test_a_window_goes_on_with_what_another_one_left(
    qtbot: QtBot, person: Person, theme: Theme, window: Window, folder: Path, tmp_path: Path
) -> None:
    opened(qtbot, window, folder)
    add(qtbot, window)
    window.close()
    later = Window(theme, Memory(QSettings(str(tmp_path / "later.ini"), QSettings.Format.IniFormat)))
    person.sees(later, 1200, 800)
    later.controller.queue.remind()
    idle(qtbot, later)
    assert "1 training waits" in later.notice.sentence.text()
    person.clicks(later.notice.remedy)
    qtbot.waitUntil(lambda: queue_of(later).is_started, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not queue_of(later).is_started, timeout=PATIENCE_MS)
    assert summary(places.runs() / "photos-1").state == "finished"
    dataset = state_of(later).dataset
    assert dataset is not None and dataset.root == str(folder), "its images are on the screen"
    later.controller.state.notice = None
    later.controller.queue.remind()
    idle(qtbot, later)
    assert later.controller.state.notice is None
    later.controller.close()


@pytest.mark.slow
def test_fault_58_an_entry_that_another_process_trains_is_left_to_it(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    """The device is taken, too: the next one waits until that training has ended."""
    opened(qtbot, window, folder)
    for seed in (1, 2):
        fill(qtbot, window, seed=seed)
        add(qtbot, window)
    page = listed(qtbot, window).queue
    first = places.runs() / "photos-1"
    with trained_elsewhere(first) as other:
        window.controller.act("queue_start")
        qtbot.waitUntil(lambda: page.table.texts()[0][4] == "running", timeout=PATIENCE_MS)
        assert f"({other.pid} on " in page.table.texts()[0][-1]
        idle(qtbot, window)
        assert (state_of(window).run, queue_of(window).is_started) == (None, True)
        assert "waits for its device" in page.summary.text()
    qtbot.waitUntil(lambda: not queue_of(window).is_started, timeout=PATIENCE_MS)
    assert [summary(places.runs() / f"photos-{n}").state for n in (1, 2)] == ["finished", "finished"]


def test_fault_58_of_two_that_begin_an_entry_at_once_one_trains_it(
    qtbot: QtBot, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    add(qtbot, window)
    run, jobs = places.runs() / "photos-1", window.controller.jobs
    window.controller.act("queue_start")
    qtbot.waitUntil(lambda: queue_of(window).under_way == run, timeout=PATIENCE_MS)
    jobs.set_paused(JobKind.TRAIN, True)  # before its first image is decoded, and its run is locked
    with trained_elsewhere(run):
        jobs.set_paused(JobKind.TRAIN, False)
        qtbot.waitUntil(lambda: queue_of(window).under_way is None, timeout=PATIENCE_MS)
        idle(qtbot, window)
        assert not runs.is_run(run)
        assert queue_of(window).failures == {}


def test_a_line_that_cannot_be_is_told_and_nothing_starts(qtbot: QtBot, window: Window) -> None:
    places.data().mkdir(parents=True)
    places.queue().write_text("train photos --run r --epochs none\n", encoding="utf-8")
    page = listed(qtbot, window).queue
    assert "Line 1" in page.summary.text() and "--epochs" in page.summary.text()
    window.controller.act("queue_start")
    qtbot.waitUntil(lambda: not queue_of(window).is_started, timeout=PATIENCE_MS)
    assert "Line 1" in window.notice.sentence.text()


def test_several_seeds_are_one_group_with_one_result(
    qtbot: QtBot, person: Person, window: Window, folder: Path
) -> None:
    opened(qtbot, window, folder)
    window.commands["repeat"].trigger()
    assert window.repeat is not None
    window.repeat.count.setValue(2)
    person.clicks(window.repeat.add)
    qtbot.waitUntil(lambda: len(queue_of(window).standings) == 2, timeout=PATIENCE_MS)
    idle(qtbot, window)
    assert worked(qtbot, window) == ["finished", "finished"]
    group = places.runs() / "photos-seeds-1"
    found = pooled([group / "seed-1", group / "seed-2"])
    assert found.mean is not None
    window.controller.run_list.list_folder(places.runs())
    dialog = listed(qtbot, window)
    dialog.turn_to_queue(False)
    qtbot.waitUntil(lambda: len(dialog.table.texts()) == 3, timeout=PATIENCE_MS)
    names = [cells[0] for cells in dialog.table.texts()]
    dialog.table.select_several([names.index("photos-seeds-1/")])
    assert f"mean of 2 seeds {100 * found.mean:.1f} ± " in dialog.pooled.text()
    assert dialog.chosen() == (group / "seed-1", group / "seed-2")
    assert dialog.buttons["overlay"].isEnabled() and not dialog.buttons["rename"].isEnabled()


@pytest.mark.parametrize(("kind", "count", "runs_made"), [("folds", 2, 2), ("leave-one-out", 0, 8)])
def test_folds_ask_every_image_once(
    qtbot: QtBot, window: Window, folder: Path, kind: Kind, count: int, runs_made: int
) -> None:
    opened(qtbot, window, folder)
    window.controller.settle(lambda: window.controller.queue.repeat(kind, count))
    qtbot.waitUntil(lambda: len(queue_of(window).standings) == runs_made, timeout=PATIENCE_MS)
    idle(qtbot, window)
    entries = queue_file.read(places.queue())
    assert [entry.typed.fields["fold"] for entry in entries] == list(range(1, runs_made + 1))
    assert {entry.typed.fields["folds"] for entry in entries} == {runs_made}
    assert len({entry.run.parent for entry in entries}) == 1


def test_what_cannot_be_repeated_is_told(qtbot: QtBot, window: Window, folder: Path) -> None:
    opened(qtbot, window, folder)
    window.controller.settle(lambda: window.controller.queue.repeat("folds", 50))
    idle(qtbot, window)
    assert not places.queue().exists()
    assert "50" in window.notice.sentence.text()


_SESSION = """
import sys
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window
app = QApplication([])
window = Window(Theme("light"), Memory(QSettings(sys.argv[1], QSettings.Format.IniFormat)))
window.controller.act("queue_start")
app.exec()
"""


@pytest.mark.slow
def test_a_window_that_is_killed_loses_nothing_of_its_queue(
    qtbot: QtBot, window: Window, folder: Path, tmp_path: Path
) -> None:
    opened(qtbot, window, folder, epochs=100_000)
    add(qtbot, window)
    fill(qtbot, window, seed=2)
    add(qtbot, window)
    run = places.runs() / "photos-1"
    with subprocess.Popen([sys.executable, "-c", _SESSION, str(tmp_path / "other.ini")]) as other:
        try:
            qtbot.waitUntil((run / "checkpoints" / "last.pt").exists, timeout=PATIENCE_MS)
            page = listed(qtbot, window).queue
            qtbot.waitUntil(lambda: f"({other.pid} on " in page.table.texts()[0][-1], timeout=PATIENCE_MS)
        finally:
            other.kill()
    done = summary(run).epochs
    text = places.queue().read_text(encoding="utf-8")
    places.queue().write_text(text.replace("--epochs=100000", f"--epochs={done + 1}"), encoding="utf-8")
    assert worked(qtbot, window) == ["finished", "finished"]
    assert summary(run).epochs == done + 1


def test_in_a_narrow_window_the_numbers_of_the_run_have_the_room(window: Window, person: Person) -> None:
    assert window.toolbar.queue.isVisible()
    window.resize(800, 600)
    person.waits(50)
    assert not window.toolbar.queue.isVisible()
    window.resize(1200, 800)
    person.waits(50)
    assert window.toolbar.queue.isVisible()
