"""Correcting labels in the window: seen in the panel, undone, kept, exported, and trained with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QSettings
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from alexnet_studio.images import corrections
from alexnet_studio.images.folder import ImageFolder, scan
from alexnet_studio.insight.run_images import recorded
from alexnet_studio.runs import folder as runs
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.showing.data import view_data
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window

PATIENCE_MS = 30_000


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    root = tmp_path / "photos"
    noise = np.random.default_rng(1)
    for name, colour in (("10.0", (200, 40, 40)), ("6.5", (40, 160, 60)), ("blue", (40, 60, 200))):
        (root / name).mkdir(parents=True)
        for number in range(6):
            pixels = np.clip(noise.normal(colour, 20, (48, 48, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(root / name / f"{number}.png")
    return root


@pytest.fixture
def window(
    qtbot: QtBot, theme: Theme, tmp_path: Path, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Window]:
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    memory = Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat))
    made = Window(theme, memory)
    qtbot.addWidget(made)
    made.show()
    made.panels.training.build_curves()
    opened(qtbot, made, photos)
    yield made
    made.controller.close()


def opened(qtbot: QtBot, window: Window, photos: Path) -> None:
    window.open(photos)
    settled(qtbot, window)


def settled(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(
        lambda: state_of(window).setup is not None and not state_of(window).progress, timeout=PATIENCE_MS
    )


def state_of(window: Window) -> State:
    return window.controller.state


def select(window: Window, path: str) -> None:
    window.panels.data.selection_changed.emit(replace(state_of(window).selection, image=path))


def counts(window: Window) -> dict[str, str]:
    return {row[0]: row[2] for row in window.panels.data.classes.texts()}


def test_classes_stand_as_people_count(window: Window) -> None:
    assert list(counts(window)) == ["6.5", "10.0", "blue"]
    state = state_of(window)
    assert state.dataset is not None
    assert state.dataset.folder is not None
    assert state.dataset.folder.classes == ("10.0", "6.5", "blue")  # the indices stay torchvision's


def test_an_image_is_relabelled_left_out_undone_and_redone(
    qtbot: QtBot, window: Window, photos: Path
) -> None:
    before = {path: path.read_bytes() for path in photos.rglob("*.png")}
    browser = window.panels.data.browser
    assert not browser.buttons["leave_out"].isEnabled()
    select(window, "6.5/0.png")
    browser.label_picked.emit("blue")
    settled(qtbot, window)
    assert counts(window) == {"6.5": "5", "10.0": "6", "blue": "7"}
    assert browser.label.currentText() == "blue"
    select(window, "10.0/1.png")
    browser.buttons["leave_out"].click()
    settled(qtbot, window)
    assert counts(window) == {"6.5": "5", "10.0": "5", "blue": "7"}
    window.commands["undo_labels"].trigger()
    settled(qtbot, window)
    browser.buttons["undo_labels"].click()
    settled(qtbot, window)
    assert counts(window) == {"6.5": "6", "10.0": "6", "blue": "6"}
    assert not browser.buttons["undo_labels"].isEnabled()
    browser.buttons["redo_labels"].click()
    settled(qtbot, window)
    assert counts(window) == {"6.5": "5", "10.0": "6", "blue": "7"}
    assert {path: path.read_bytes() for path in photos.rglob("*.png")} == before


def test_corrections_are_there_again_the_next_time(qtbot: QtBot, window: Window, photos: Path) -> None:
    select(window, "6.5/0.png")
    window.panels.data.browser.label_picked.emit("blue")
    settled(qtbot, window)
    opened(qtbot, window, photos)
    assert counts(window) == {"6.5": "5", "10.0": "6", "blue": "7"}
    select(window, "6.5/0.png")
    window.panels.data.browser.buttons["take_back"].click()
    settled(qtbot, window)
    assert counts(window) == {"6.5": "6", "10.0": "6", "blue": "6"}


def test_filter_and_search_show_what_they_say(qtbot: QtBot, window: Window) -> None:
    browser = window.panels.data.browser
    assert len(state_view(window).images) == 18
    select(window, "10.0/3.png")
    browser.buttons["leave_out"].click()
    settled(qtbot, window)
    browser.filter_picked.emit("left_out")
    assert state_view(window).images == ("10.0/3.png",)
    browser.filter_picked.emit("")
    with qtbot.waitSignal(browser.searched, timeout=PATIENCE_MS):
        QTest.keyClicks(browser.search, "4.PNG blue")
    assert state_view(window).images == ("blue/4.png",)
    assert browser.found.text() == "1 of 17 images"


def state_view(window: Window):

    return view_data(state_of(window))


def test_what_is_corrected_is_trained_and_found_again(qtbot: QtBot, window: Window) -> None:
    for path, label in (("6.5/0.png", "blue"), ("10.0/1.png", "")):
        select(window, path)
        window.controller.settle(lambda label=label: window.controller.labels.relabel(label))
        settled(qtbot, window)
    for field, value in (("width", 0.25), ("batch_size", 6), ("epochs", 1), ("workers", 0)):
        window.panels.training.recipe_edited.emit(field, value)
    window.commands["start"].trigger()
    qtbot.waitUntil(
        lambda: state_of(window).run is not None and not state_of(window).progress, timeout=PATIENCE_MS
    )
    run = state_of(window).run
    assert run is not None
    assert run.ended is not None
    made = runs.open(run.path)
    used = {*made.record.split.train, *made.record.split.val}
    assert "10.0/1.png" not in used
    assert corrections.read(run.path / corrections.FILE).labels == (("10.0/1.png", ""), ("6.5/0.png", "blue"))
    job = recorded(made, ("6.5/0.png",))
    while True:
        try:
            next(job)
        except StopIteration as stopped:
            chosen = stopped.value
            break
    assert chosen.class_names(chosen.wanted) == ["blue"]


def test_a_corrected_folder_is_made_of_links(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    select(window, "6.5/0.png")
    window.panels.data.browser.label_picked.emit("blue")
    settled(qtbot, window)
    window.controller.settle(lambda: window.controller.labels.write_links(tmp_path / "made"))
    settled(qtbot, window)
    again = next(event for event in scan(tmp_path / "made") if isinstance(event, ImageFolder))
    assert [sum(image.label == label for image in again.images) for label in range(3)] == [6, 5, 7]


def test_leaving_a_whole_folder_out_is_refused_and_undone(qtbot: QtBot, window: Window) -> None:
    state = state_of(window)
    assert state.dataset is not None
    paths = [path for path, _, _ in state.dataset.labelled]
    everything = corrections.Corrections().with_label(paths, "")
    window.controller.settle(lambda: window.controller.labels.set(everything))
    settled(qtbot, window)
    assert state.notice is not None
    assert "left out" in state.notice.sentence
    assert counts(window) == {"6.5": "6", "10.0": "6", "blue": "6"}
