"""One time for everything: what is dragged along the curves, and what follows it, in the real window."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from training import tiny

from alexnet_studio.insight.per_class import confusion
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs import lock
from alexnet_studio.runs.answers import Answers, KeptAnswers
from alexnet_studio.runs.curves import Curves
from alexnet_studio.runs.history import History
from alexnet_studio.runs.pins import PinRecords
from alexnet_studio.runs.rows import Ended, Epoch, Started, Step
from alexnet_studio.studio.intents import moment as moment_intents
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.panels.curves_area import CurvesArea
from alexnet_studio.studio.showing.moment import step_at
from alexnet_studio.studio.showing.pins import view_pins
from alexnet_studio.studio.state.run import RunState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import Selection
from alexnet_studio.studio.widgets.curve_plot import CurvePlot
from alexnet_studio.studio.window import Window
from alexnet_studio.training.trainer import Request, train

PATIENCE_MS = 60_000
EPOCHS, STEPS = 4, 5  # of four images each, but the last
CLASSES = 3


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("moment")
    folder = tiny.folder(place / "data", CLASSES, each=6, val=5)
    pins = (folder.root / folder.images[0].path, folder.root / folder.images[9].path)
    list(
        train(
            Request(folder, place / "run", tiny.spec(CLASSES), tiny.recipe(epochs=EPOCHS, lr=0.03), pins=pins)
        )
    )
    return place / "run"


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(trained, tmp_path / "run"))


def _opened(qtbot: QtBot, window: Window, run: Path) -> CurvesArea:
    window.panels.training.build_curves()
    window.open(run)
    qtbot.waitUntil(lambda: _state(window).past.seen is not None, timeout=PATIENCE_MS)
    window.commands["workspace_train"].trigger()
    curves = window.panels.training.curves
    assert curves is not None
    qtbot.waitUntil(lambda: curves.loss.plot.area().width() > 100, timeout=PATIENCE_MS)
    return curves


def _state(window: Window) -> State:
    return window.controller.state


def _on_axis(plot: CurvePlot, x: float) -> QPoint:
    """The point of the axis below the curves where `x` is written."""
    area, (low, high) = plot.plot.area(), plot.plot.x_range()
    return QPoint(round(area.left() + (x - low) / (high - low) * area.width()), round(area.bottom()) + 6)


def _shows_epoch(window: Window, run: Path, epoch: int) -> None:
    """All panels show the epoch's end, as the run has kept it."""
    opened, state = run_folder.open(run), _state(window)
    text = f"Epoch {epoch} of {EPOCHS} (validation)"
    curves, panels = window.panels.training.curves, window.panels
    assert curves is not None and state.shown_step == epoch * STEPS
    assert {bar.moment.label.text() for bar in (curves, panels.evaluation, panels.pinned)} == {text}
    assert state.kernels.film[state.kernels.frame].step == epoch * STEPS
    answers = KeptAnswers(opened).of(epoch)
    assert state.past.epoch is not None
    assert np.array_equal(state.past.epoch.scores.cells, confusion(answers.labels, answers.guesses, CLASSES))
    assert (
        f"{(answers.labels == answers.guesses).mean() * 100:.1f} %"
        in panels.evaluation.numbers.text().replace("\u00a0", " ")
    )
    wrong = {opened.record.split.val[row] for row in np.flatnonzero(answers.labels != answers.guesses)}
    assert set(state.past.epoch.images) == wrong
    seen = [one for one in PinRecords(opened).read() if one.epoch == epoch]
    for row, one in zip(panels.pinned.rows, seen, strict=True):
        near = row.pictures.pictures()[1:]
        assert [picture.key for picture in near] == [
            opened.record.split.train[place] for place, _ in one.near
        ]
        assert [float(picture.first) for picture in near] == pytest.approx([d for _, d in one.near], abs=0.06)
        assert [bar.name for bar in row.bars.bars()] == [opened.record.classes[label] for label, _ in one.top]


def test_a_click_on_the_axis_brings_everything_to_that_epoch(
    qtbot: QtBot, person: Person, window: Window, run: Path
) -> None:
    curves = _opened(qtbot, window, run)
    assert curves.moment.isHidden() and _state(window).past.epoch is None
    for plot, epoch in ((curves.loss, 2), (curves.error, 1), (curves.loss, 3)):
        person.clicks(plot.plot.view.viewport(), _on_axis(plot, epoch * STEPS))
        _shows_epoch(window, run, epoch)
    person.clicks(curves.moment.now)
    assert _state(window).shown_step is None and curves.moment.isHidden()
    assert _state(window).kernels.frame == len(_state(window).kernels.film) - 1


def test_the_keys_go_from_epoch_to_epoch(qtbot: QtBot, person: Person, window: Window, run: Path) -> None:
    view = _opened(qtbot, window, run).loss.plot.view
    for key, epoch in ((Qt.Key.Key_Left, EPOCHS), (Qt.Key.Key_Left, EPOCHS - 1), (Qt.Key.Key_Right, EPOCHS)):
        person.presses(view, key)
        _shows_epoch(window, run, epoch)
    person.presses(view, Qt.Key.Key_Right)
    assert _state(window).shown_step is None
    for _ in range(EPOCHS + 3):
        person.presses(view, Qt.Key.Key_Left)
    _shows_epoch(window, run, 1)
    person.presses(view, Qt.Key.Key_Escape)
    assert _state(window).shown_step is None


def test_dragging_tells_once_a_frame_and_follows_to_the_end(qtbot: QtBot, window: Window, run: Path) -> None:
    curves = _opened(qtbot, window, run)
    heard: list[float] = []

    def hear(place: float, _reach: float) -> None:
        heard.append(place)

    curves.loss.moment.picked.connect(hear)
    viewport = curves.loss.plot.view.viewport()
    first, last = _on_axis(curves.loss, 0.5), _on_axis(curves.loss, 3 * STEPS)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=first)
    for place in np.linspace(first.x(), last.x(), 300):
        QApplication.sendEvent(viewport, _moved(viewport.mapToGlobal(QPoint(0, 0)), place, first.y()))
    assert len(heard) <= 2  # nothing was announced while nothing could be painted
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=last)
    _shows_epoch(window, run, 3)
    assert len(heard) <= 3


def _moved(origin: QPoint, x: float, y: float):

    place = QPointF(x, y)
    return QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        place + QPointF(origin),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )


def test_the_film_moves_the_others(qtbot: QtBot, window: Window, run: Path) -> None:
    _opened(qtbot, window, run)
    film = _state(window).kernels.film
    frame = next(index for index, one in enumerate(film) if one.step == 2 * STEPS)
    window.panels.kernels.film.slider.setValue(frame)
    _shows_epoch(window, run, 2)


def test_a_cell_of_an_earlier_matrix_opens_its_images(
    qtbot: QtBot, person: Person, window: Window, run: Path
) -> None:
    view = _opened(qtbot, window, run).loss.plot.view
    person.presses(view, Qt.Key.Key_Left)
    opened = run_folder.open(run)
    for epoch in (EPOCHS, EPOCHS - 1):
        window.panels.evaluation.cell_picked.emit(1, 1)
        answers = KeptAnswers(opened).of(epoch)
        rows = np.flatnonzero((answers.labels == 1) & (answers.guesses == 1))
        past = _state(window).past.epoch
        assert past is not None and past.images == tuple(opened.record.split.val[row] for row in rows)
        person.presses(view, Qt.Key.Key_Left)  # the cell stays chosen
    window.panels.evaluation.images.kind_picked.emit("mistakes")
    _shows_epoch(window, run, EPOCHS - 2)


def test_a_thousand_classes_are_scored_beside_the_window(
    qtbot: QtBot, person: Person, window: Window, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many as that take a thread; the epoch that was wanted last is shown at the end."""
    monkeypatch.setattr(moment_intents, "AT_ONCE", 0)
    view = _opened(qtbot, window, run).loss.plot.view
    for _ in range(3):
        person.presses(view, Qt.Key.Key_Left)
        assert "not kept" not in window.panels.evaluation.moment.label.text()
    qtbot.waitUntil(lambda: _epoch_of(window) == EPOCHS - 2, timeout=PATIENCE_MS)
    _shows_epoch(window, run, EPOCHS - 2)
    person.presses(view, Qt.Key.Key_Left)
    person.presses(view, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.controller.jobs.running(JobKind.SCORE), timeout=PATIENCE_MS)
    assert _epoch_of(window) is None


def _epoch_of(window: Window) -> int | None:
    seen = _state(window).past.epoch
    return None if seen is None else seen.scores.epoch


def test_before_the_first_epoch_has_ended(qtbot: QtBot, person: Person, window: Window, run: Path) -> None:
    curves = _opened(qtbot, window, run)
    person.clicks(curves.loss.plot.view.viewport(), _on_axis(curves.loss, 2))
    assert curves.moment.label.text() == "Step 2, before the first epoch has ended"
    assert _state(window).past.epoch is None
    notes = [row.note.text() for row in window.panels.pinned.rows]
    assert all("looked at" in note for note in notes)


@pytest.mark.parametrize("kind", ["old", "damaged"])
def test_a_run_without_answers_still_moves_its_film(
    qtbot: QtBot, person: Person, window: Window, run: Path, kind: str
) -> None:
    if kind == "old":
        for name in ("answers", "pins"):
            shutil.rmtree(run / name)
        (run / "changes.json").unlink()
    else:
        (run / "answers" / "labels.npy").write_bytes(b"junk")
    curves = _opened(qtbot, window, run)
    notice = _state(window).notice
    assert (notice is not None and "Delete that folder" in notice.sentence) == (kind == "damaged")
    person.presses(curves.loss.plot.view, Qt.Key.Key_Left)
    assert curves.moment.label.text() == f"Epoch {EPOCHS} of {EPOCHS} (validation)"
    assert "not kept" in window.panels.evaluation.moment.label.text()
    assert len(window.panels.pinned.rows) == (0 if kind == "old" else 2)
    assert (window.panels.pinned.stage.currentWidget() is window.panels.pinned.stage.empty_state) == (
        kind == "old"
    )


@pytest.mark.slow
def test_a_run_of_another_process_brings_its_next_epoch(
    qtbot: QtBot, person: Person, window: Window, run: Path
) -> None:
    """What is looked at stays; the epoch that has ended meanwhile can be looked at, too."""
    opened, history = run_folder.open(run), History(run / "metrics.jsonl")
    third = next(row for row in history.read() if isinstance(row, Epoch) and row.epoch == 3)
    kept, answers, state = KeptAnswers(opened).of(3), Answers(opened), _state(window)
    history.cut(2 * STEPS, 2)
    answers.cut(2)
    with lock.held(run):
        view = _opened(qtbot, window, run).loss.plot.view
        person.presses(view, Qt.Key.Key_Left)
        _shows_epoch(window, run, 2)
        answers.append(kept, CLASSES)
        history.append(third)
        qtbot.waitUntil(
            lambda: (
                state.past.seen is not None
                and state.past.seen.answers is not None
                and state.past.seen.answers.epochs == (1, 2, 3)
            ),
            timeout=PATIENCE_MS,
        )
        _shows_epoch(window, run, 2)
        person.presses(view, Qt.Key.Key_Right)
        _shows_epoch(window, run, 3)
        history.append(Ended(3 * STEPS, 3, "stopped", 1))
    qtbot.waitUntil(lambda: not window.controller.jobs.running(JobKind.FOLLOW), timeout=PATIENCE_MS)


def test_images_are_pinned_for_the_next_training(
    qtbot: QtBot, person: Person, window: Window, run: Path
) -> None:
    _opened(qtbot, window, run)
    state, browser = _state(window), window.panels.data.browser
    images = [path for path, _, _ in state.dataset.labelled][:8] if state.dataset else []
    for image in images[:6]:
        browser.menu_of(image).actions()[1].trigger()
    assert (
        state.past.wanted == tuple(images[:6]) and browser.menu_of(images[0]).actions()[1].text() == "Unpin"
    )
    assert not browser.menu_of(images[7]).actions()[1].isEnabled()
    window.commands["show_pinned"].trigger()
    rows = [row for row in window.panels.pinned.rows if row.isVisible()]
    assert [row.title.text() for row in rows[2:]] == images[:6]
    person.clicks(rows[-1].unpin)
    assert state.past.wanted == tuple(images[:5])
    assert not window.commands["pin_image"].isEnabled()  # nothing is selected
    window.panels.data.selection_changed.emit(Selection(image=images[7]))
    window.commands["pin_image"].trigger()
    assert state.past.wanted == (*images[:5], images[7])


def test_a_place_on_the_curves_is_a_step() -> None:
    run = RunState(Path("run"))
    run.curves = Curves([Started(0, 0, 3, 10, 40, 8, 2, "tiny", "cpu", "float32", 2)])
    for step in range(1, 31):
        run.add(Step(step, 1 + (step - 1) // 10, 1.0, 0.5, 1.0, 2, 0.1, 10.0, seconds=2.0 * step))
        if step % 10 == 0:
            run.add(Epoch(step // 10, step, 1.0, 0.5, 1.0, 1.0, 0.5, 1.0, 2, 20.0, 10.0))
    assert [step_at(run, "step", x, 0.1) for x in (-3, 4.4, 19.6, 30, 30.05)] == [1, 4, 20, 30, 30]
    assert step_at(run, "step", 18.6, 2.0) == 20  # an epoch's end is near
    assert [step_at(run, "epoch", x, 0.01) for x in (0.5, 1.0, 2.52)] == [5, 10, 25]
    assert step_at(run, "time", 13.0, 0.1) in {6, 7} and step_at(run, "time", 40.0, 0.1) == 20
    assert step_at(run, "step", 31, 0.5) is None  # behind the last one is now
    assert step_at(RunState(Path("run")), "step", 3, 0.1) is None


def test_a_frame_of_dragging_is_quick(qtbot: QtBot, person: Person, window: Window, run: Path) -> None:
    view = _opened(qtbot, window, run).loss.plot.view
    person.presses(view, Qt.Key.Key_Left)
    window.commands["show_pinned"].trigger()
    took: list[float] = []
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right) * 10:
        QApplication.processEvents()
        begin = time.thread_time()
        person.presses(view, key)
        QApplication.processEvents()
        took.append(time.thread_time() - begin)
    assert np.median(took) < 0.033


def test_while_it_trains_the_last_epoch_that_was_read_is_shown(
    qtbot: QtBot, window: Window, run: Path
) -> None:
    """What the newest one left is read a little after its end."""
    _opened(qtbot, window, run)
    state = _state(window)
    assert state.past.seen is not None and state.run is not None
    fewer = tuple(
        replace(pin, answers={epoch: one for epoch, one in pin.answers.items() if epoch < EPOCHS})
        for pin in state.past.seen.pins
    )
    state.past.seen = replace(state.past.seen, pins=fewer)
    ended = view_pins(state)
    assert f"epoch {EPOCHS}" in ended.title and not any(pin.answer.bars for pin in ended.pins)
    state.run.elsewhere = True
    training = view_pins(state)
    assert f"epoch {EPOCHS - 1}" in training.title and all(pin.answer.bars for pin in training.pins)
    state.shown_step = EPOCHS * STEPS
    assert f"epoch {EPOCHS}" in view_pins(state).title, "a moment that somebody looks at is that moment"


@pytest.mark.slow
def test_images_are_pinned_and_unpinned_while_the_window_trains(
    qtbot: QtBot, person: Person, window: Window, tmp_path: Path
) -> None:
    """One from the start, one through the inbox; the panel shows what each epoch saw."""
    state, panels = _state(window), window.panels
    folder = tiny.folder(tmp_path / "photos", CLASSES, each=6, val=3)
    window.open(folder.root)
    qtbot.waitUntil(lambda: state.setup is not None and not state.progress, timeout=PATIENCE_MS)
    first, second = (folder.images[number].path for number in (0, 7))
    panels.data.browser.pin_toggled.emit(first)
    for field, value in (("width", 0.25), ("batch_size", 6), ("epochs", 500), ("workers", 0), ("lr", 0.001)):
        panels.training.recipe_edited.emit(field, value)
    window.commands["start"].trigger()
    window.commands["show_pinned"].trigger()

    def shown() -> list[str]:
        return [row.title.text() for row in panels.pinned.rows if row.isVisible() and row.bars.bars()]

    qtbot.waitUntil(lambda: shown() == [first], timeout=PATIENCE_MS)
    assert state.past.wanted == () and state.run is not None and state.run.live
    panels.data.browser.pin_toggled.emit(second)
    qtbot.waitUntil(lambda: shown() == [first, second], timeout=PATIENCE_MS)
    # The epoch that looked at both may be shown before the training's answer is.
    qtbot.waitUntil(lambda: second in window.notice.sentence.text(), timeout=PATIENCE_MS)
    qtbot.waitUntil(panels.pinned.rows[0].unpin.isEnabled, timeout=PATIENCE_MS)
    person.clicks(panels.pinned.rows[0].unpin)
    qtbot.waitUntil(lambda: shown() == [second], timeout=PATIENCE_MS)
    window.commands["stop"].trigger()
    qtbot.waitUntil(lambda: state.run is not None and not state.run.live, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not state.progress, timeout=PATIENCE_MS)
