"""The real window, driven through the main job on a tiny folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDockWidget, QLineEdit, QMessageBox, QTabBar
from pytestqt.qtbot import QtBot

from alexnet_studio.ground import places
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.palette import CommandPalette
from alexnet_studio.studio.state.run import Phase
from alexnet_studio.studio.state.window import Notice, State, Workspace
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.parts import Selection
from alexnet_studio.studio.window import Window

COLOURS = {"blue": (40, 60, 200), "green": (40, 180, 60), "red <b>": (200, 50, 40)}
PATIENCE_MS = 120_000  # a busy machine, not a slow window


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three classes of eight pictures; one file that is none."""
    root = tmp_path_factory.mktemp("photos")
    noise = np.random.default_rng(1)
    for name, colour in COLOURS.items():
        (root / name).mkdir()
        for number in range(8):
            pixels = np.clip(noise.normal(colour, 20, (64, 64, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    (root / "blue" / "torn.png").write_bytes(b"")
    return root


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))


@pytest.fixture
def window(
    qtbot: QtBot, theme: Theme, memory: Memory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    made = Window(theme, memory)
    qtbot.addWidget(made)
    made.show()
    made.panels.training.build_curves()
    yield made
    made.controller.close()


def state_of(window: Window) -> State:
    return window.controller.state


def open_photos(qtbot: QtBot, window: Window, photos: Path) -> None:
    window.open(photos)
    qtbot.waitUntil(
        lambda: state_of(window).setup is not None and not state_of(window).progress, timeout=PATIENCE_MS
    )
    for field, value in (("width", 0.25), ("batch_size", 6), ("epochs", 2), ("workers", 0)):
        window.panels.training.recipe_edited.emit(field, value)


def start(qtbot: QtBot, window: Window) -> Path:
    window.commands["start"].trigger()
    # Now: a short training may have ended by the time its first step is heard of.
    assert window.commands["stop"].isEnabled() and not window.commands["start_from_run"].isEnabled()
    qtbot.waitUntil(lambda: has_steps(window), timeout=PATIENCE_MS)
    run = state_of(window).run
    assert run is not None
    return run.path


def has_steps(window: Window) -> bool:
    run = state_of(window).run
    return run is not None and run.step is not None


def is_ready(window: Window) -> bool:
    run = state_of(window).run
    return run is not None and run.phase is Phase.READY and not state_of(window).progress


def test_the_main_job(qtbot: QtBot, window: Window, photos: Path) -> None:
    """Folder, training, curves, kernels, index, neighbours: as a person goes through it."""
    open_photos(qtbot, window, photos)
    assert "3 classes" in window.panels.data.title.text()
    dataset = state_of(window).dataset
    assert dataset is not None
    assert [row.path for row in dataset.skipped] == ["blue/torn.png"]
    path = start(qtbot, window)
    qtbot.waitUntil(lambda: is_ready(window), timeout=PATIENCE_MS)
    state = state_of(window)
    assert state.run is not None
    assert state.run.ended is not None
    assert state.run.ended.reason == "finished"
    assert len(state.run.curves.steps) > 0
    assert len(state.run.curves.epochs) == 2
    assert state.run.curves_version > 0
    assert len(state.kernels.blocks) == 2
    assert (path / "checkpoints" / "best.pt").exists()
    # Indexed by itself when the training ended, and a few validation images asked about.
    qtbot.waitUntil(lambda: bool(state.neighbours.answers) and not state.progress, timeout=PATIENCE_MS)
    assert state.neighbours.features is not None
    assert not state.neighbours.outdated
    answer = state.neighbours.answers[0]
    assert answer.error is None
    assert sum(share for _, share in answer.top) == pytest.approx(1, abs=1e-3)
    assert len(answer.found) > 3


def test_stop_saves_and_resume_goes_on(qtbot: QtBot, window: Window, photos: Path) -> None:
    open_photos(qtbot, window, photos)
    window.panels.training.recipe_edited.emit("epochs", 500)
    path = start(qtbot, window)
    window.commands["pause"].trigger()
    assert window.toolbar.resume.isEnabled()
    window.commands["resume"].trigger()
    window.commands["stop"].trigger()
    qtbot.waitUntil(lambda: is_ready(window), timeout=PATIENCE_MS)
    last = History(path / "metrics.jsonl").read()[-1]
    assert isinstance(last, Ended)
    assert last.reason == "stopped"
    run = state_of(window).run
    assert run is not None
    stopped_at = run.step.step if run.step else 0
    assert run.has_checkpoint
    window.commands["resume"].trigger()
    qtbot.waitUntil(
        lambda: run.phase is Phase.TRAINING and run.step is not None and run.step.step > stopped_at + 1,
        timeout=PATIENCE_MS,
    )
    window.commands["stop"].trigger()
    qtbot.waitUntil(lambda: is_ready(window), timeout=PATIENCE_MS)
    xs = run.curves.steps["step"]
    assert list(xs) == sorted(set(xs)), "steps that were done again are not drawn twice"


def test_closing_while_training_asks_stops_and_saves(qtbot: QtBot, window: Window, photos: Path) -> None:
    open_photos(qtbot, window, photos)
    window.panels.training.recipe_edited.emit("epochs", 500)
    path = start(qtbot, window)
    assert not window.close()
    box = window.findChild(QMessageBox)
    assert box is not None
    assert box.textFormat() is Qt.TextFormat.PlainText
    box.buttons()[0].click()
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=PATIENCE_MS)
    last = History(path / "metrics.jsonl").read()[-1]
    assert isinstance(last, Ended)
    assert last.reason == "stopped"
    assert (path / "checkpoints" / "last.pt").exists()


def test_a_run_opens_from_its_folder_alone(qtbot: QtBot, window: Window, photos: Path) -> None:
    open_photos(qtbot, window, photos)
    path = start(qtbot, window)
    qtbot.waitUntil(
        lambda: is_ready(window) and bool(state_of(window).neighbours.answers), timeout=PATIENCE_MS
    )
    window.open(path)
    qtbot.waitUntil(lambda: not state_of(window).progress, timeout=PATIENCE_MS)
    state = state_of(window)
    assert state.run is not None
    assert state.run.ended is not None
    assert len(state.run.curves.epochs) == 2
    assert state.kernels.film
    assert state.neighbours.features is not None
    assert not state.neighbours.outdated
    assert window.commands["start"].isEnabled(), "its images are where they were: it can be trained again"
    window.panels.kernels.frame_picked.emit(0)
    assert state.kernels.frame == 0
    assert not state.kernels.follow


def test_what_is_no_run_changes_nothing(qtbot: QtBot, window: Window, photos: Path, tmp_path: Path) -> None:
    open_photos(qtbot, window, photos)
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "run.json").write_text("{]", encoding="utf-8")
    window.open(foreign)
    qtbot.waitUntil(lambda: state_of(window).notice is not None, timeout=PATIENCE_MS)
    assert state_of(window).dataset is not None
    assert str(foreign) in window.notice.sentence.text()
    window.notice.dismissed.emit()
    assert state_of(window).notice is None


@pytest.mark.parametrize("name", ["gone", "text.txt"])
def test_a_wrong_path_is_one_sentence(window: Window, tmp_path: Path, name: str) -> None:
    (tmp_path / "text.txt").write_text("hello", encoding="utf-8")
    window.open(tmp_path / name)
    notice = state_of(window).notice
    assert notice is not None
    assert name in notice.sentence


def test_a_dropped_folder_is_opened(qtbot: QtBot, window: Window, photos: Path) -> None:
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(photos))])
    drop = QDropEvent(
        QPointF(QPoint(5, 5)),
        Qt.DropAction.CopyAction,
        content,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(drop)
    qtbot.waitUntil(lambda: state_of(window).dataset is not None, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not state_of(window).progress, timeout=PATIENCE_MS)
    assert state_of(window).recent == (photos,)


def test_every_panel_shows_the_selection(qtbot: QtBot, window: Window, photos: Path) -> None:
    open_photos(qtbot, window, photos)
    window.panels.architecture.selection_changed.emit(Selection(label=1, layer="conv2"))
    assert state_of(window).selection == Selection(label=1, layer="conv2")
    qtbot.waitUntil(lambda: not state_of(window).progress, timeout=PATIENCE_MS)


def test_a_running_scan_can_be_cancelled(qtbot: QtBot, window: Window, photos: Path) -> None:
    window.open(photos)
    window.commands["cancel"].trigger()
    qtbot.waitUntil(lambda: not state_of(window).progress, timeout=PATIENCE_MS)
    assert state_of(window).notice is None


@pytest.mark.parametrize("space", list(Workspace))
@pytest.mark.parametrize("width", [1440, 1024])
def test_workspaces_show_at_most_four_panels_side_by_side(
    window: Window, space: Workspace, width: int
) -> None:
    window.resize(width, 700)
    window.commands[f"workspace_{space.value}"].trigger()
    docks = [dock for dock in window.pages.docks.findChildren(QDockWidget) if not dock.isHidden()]
    assert 2 <= len(docks) <= 7  # of Explore, three lie behind another one as tabs
    assert window.commands[f"workspace_{space.value}"].isChecked()


def test_the_tabs_of_explore_are_seen_again_after_another_workspace(qtbot: QtBot, window: Window) -> None:
    """Two panels lie behind Layers: without their tabs nobody would find them."""
    window.resize(1440, 900)
    window.commands["workspace_explore"].trigger()
    window.open(places.resources() / "example-run")
    qtbot.waitUntil(lambda: state_of(window).run is not None, timeout=PATIENCE_MS)
    for space in ("train", "explore"):
        window.commands[f"workspace_{space}"].trigger()
        qtbot.wait(50)
    bars = [bar for bar in window.pages.docks.findChildren(QTabBar) if bar.isVisible() and bar.count() > 1]
    seen = [[bar.tabText(number) for number in range(bar.count())] for bar in bars]
    assert ["Layers", "Evaluation", "Map"] in seen


def test_every_key_belongs_to_one_command(window: Window) -> None:
    keys = [
        action.shortcut().toString() for action in window.commands.values() if not action.shortcut().isEmpty()
    ]
    assert len(keys) == len(set(keys))


def test_damaged_settings_are_left_aside(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    (tmp_path / "bad.ini").write_bytes(
        b"[General]\nrecent=@Variant(\\0\\0)\ntheme=42\nworkspace=@ByteArray(\xff)\ngeometry.1=oops\nlayout.1=@Invalid()\n"
    )
    made = Window(theme, Memory(QSettings(str(tmp_path / "bad.ini"), QSettings.Format.IniFormat)))
    qtbot.addWidget(made)
    made.show()
    assert state_of(made).workspace is Workspace.TRAIN
    made.close()


def test_the_layout_is_remembered(qtbot: QtBot, theme: Theme, memory: Memory) -> None:
    first = Window(theme, memory)
    qtbot.addWidget(first)
    first.show()
    first.commands["workspace_data"].trigger()
    first.close()
    second = Window(theme, memory)
    qtbot.addWidget(second)
    assert state_of(second).workspace is Workspace.DATA
    second.close()


def test_the_palette_runs_what_was_typed(window: Window) -> None:
    window.commands["palette"].trigger()
    palette = window.findChild(CommandPalette)
    assert palette is not None
    line = palette.findChild(QLineEdit)
    assert line is not None
    QTest.keyClicks(line, "explore")
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert state_of(window).workspace is Workspace.EXPLORE


def test_themes_switch_live(window: Window) -> None:
    window.commands["theme_dark"].trigger()
    assert window.theme.colours.dark
    assert window.commands["theme_dark"].isChecked()
    window.commands["theme_light"].trigger()
    assert not window.theme.colours.dark


def test_a_run_begins_from_another_one_s_weights(qtbot: QtBot, window: Window, photos: Path) -> None:
    open_photos(qtbot, window, photos)
    window.panels.training.recipe_edited.emit("epochs", 1)
    assert window.commands["start_from_run"].isEnabled()
    first = start(qtbot, window)
    qtbot.waitUntil(lambda: is_ready(window) and not state_of(window).progress, timeout=PATIENCE_MS)
    controller = window.controller
    controller.settle(lambda: controller.trainings.start(first))
    qtbot.waitUntil(
        lambda: is_ready(window) and not state_of(window).progress and has_steps(window), timeout=PATIENCE_MS
    )
    run = state_of(window).run
    assert run is not None
    assert run.path != first
    assert run.note == f"Begins from {first}: 16 of 16 tensors."


def test_what_follows_a_failed_training_does_not_hide_the_way_out(window: Window) -> None:
    state = state_of(window)
    state.notice = Notice("It diverged.", is_error=True, button="Start with a tenth", intent="tenth_lr")
    error = BadInput("features_not_finite", "The features are not finite.")
    window.controller.indexing.listeners[JobKind.INDEX].finished(Finished(JobKind.INDEX, False, error))
    assert state.notice.intent == "tenth_lr"
    state.notice = None
    window.controller.indexing.listeners[JobKind.INDEX].finished(Finished(JobKind.INDEX, False, error))
    assert state_of(window).notice == Notice("The features are not finite.", is_error=True)


def test_a_diverged_training_offers_smaller_steps(qtbot: QtBot, window: Window, photos: Path) -> None:
    open_photos(qtbot, window, photos)
    for field, value in (
        ("lr", 10.0),
        ("clip", 0.0),
        ("momentum", 0.99),
        ("epochs", 200),
        ("precision", "float32"),
    ):
        window.panels.training.recipe_edited.emit(field, value)
    start(qtbot, window)
    qtbot.waitUntil(lambda: state_of(window).notice is not None, timeout=PATIENCE_MS)
    notice = state_of(window).notice
    assert notice is not None
    assert notice.intent == "tenth_lr"
    qtbot.waitUntil(lambda: JobKind.INDEX not in state_of(window).progress, timeout=PATIENCE_MS)
    window.notice.intent.emit("tenth_lr")
    setup = state_of(window).setup
    assert setup is not None
    assert dict(setup.values)["lr"] == pytest.approx(1.0)
    window.commands["stop"].trigger()
    # Stopped before its first step, the second training leaves no run behind.
    qtbot.waitUntil(lambda: state_of(window).run is None or is_ready(window), timeout=PATIENCE_MS)
