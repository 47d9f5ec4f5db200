"""A set of images is looked at, collected and opened through the window."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PIL import Image
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from alexnet_studio.images import collecting
from alexnet_studio.studio.jobs import JobKind
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window

PATIENCE_MS = 60_000


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1200, 800)
    yield made
    made.controller.close()


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Two classes of three pictures, and a row too many."""
    rows = ["path,label", "gone.png,red"]
    for label, level in (("red", 200), ("blue", 40)):
        for number in range(3):
            path = tmp_path / f"{label}{number}.png"
            Image.fromarray(np.full((32, 32, 3), level + number, np.uint8)).save(path)
            rows.append(f"{path.name},{label}")
    (tmp_path / "labels.csv").write_text("\n".join(rows), "utf-8")
    return tmp_path / "labels.csv"


def settle(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.controller.state.progress, timeout=PATIENCE_MS)


def sentence(window: Window) -> str:
    notice = window.controller.state.notice
    return "" if notice is None else notice.sentence


def answers(window: Window, monkeypatch: pytest.MonkeyPatch, source: Path, target: Path) -> list[str]:
    """What the two dialogs get, and the titles that the second one was shown with."""
    titles: list[str] = []

    def choose_source(picked: Callable[[Path], None]) -> None:
        picked(source)

    def choose_empty_folder(title: str, picked: Callable[[Path], None]) -> None:
        titles.append(title)
        picked(target)

    monkeypatch.setattr(window.dialogs, "choose_collection_file", choose_source)
    monkeypatch.setattr(window.dialogs, "choose_collection_folder", choose_source)
    monkeypatch.setattr(window.dialogs, "choose_empty_folder", choose_empty_folder)
    return titles


def test_a_table_is_collected_and_its_folder_opened(
    qtbot: QtBot, window: Window, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    titles = answers(window, monkeypatch, table, tmp_path / "out")
    window.commands["collect_file"].trigger()
    assert not window.commands["collect_folder"].isEnabled()
    qtbot.waitUntil(lambda: window.controller.state.setup is not None, timeout=PATIENCE_MS)
    settle(qtbot, window)
    assert titles == ["A new or empty folder for 7 images (0 MB)"]
    dataset = window.controller.state.dataset
    assert dataset is not None
    assert dataset.root == str(tmp_path / "out")
    assert sentence(window).startswith(f"6 images in 2 classes are in {tmp_path / 'out'}.")
    assert "1 left out, the first of them: gone.png (does not exist)." in sentence(window)
    assert window.commands["collect_folder"].isEnabled()


def test_what_cannot_be_collected_is_told(
    qtbot: QtBot, window: Window, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(window, monkeypatch, tmp_path / "data", tmp_path / "out")
    (tmp_path / "data").mkdir()
    window.commands["collect_folder"].trigger()
    settle(qtbot, window)
    assert "is no set of images that is known here" in sentence(window)
    (tmp_path / "used").mkdir()
    (tmp_path / "used/thesis.txt").write_text("do not touch", "utf-8")
    answers(window, monkeypatch, table, tmp_path / "used")
    window.commands["collect_file"].trigger()
    qtbot.waitUntil(lambda: "is in use" in sentence(window), timeout=PATIENCE_MS)
    settle(qtbot, window)


def test_cancelled_it_says_how_to_go_on(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": ["cat", "dog"]}, 2))
    rows = np.zeros((2000, 3072), np.uint8)
    (folder / "data_batch_1").write_bytes(pickle.dumps({"data": rows, "labels": [0, 1] * 1000}, 4))
    controller = window.controller
    controller.settle(lambda: controller.collections.collect(folder, tmp_path / "out"))
    qtbot.waitUntil(lambda: controller.state.progress.get(JobKind.COLLECT) is not None, timeout=PATIENCE_MS)
    window.commands["cancel"].trigger()
    settle(qtbot, window)
    assert sentence(window) == "Collecting was stopped. Collect into the same folder again to go on."
    assert controller.state.dataset is None
    *_, made = collecting.collect(folder, tmp_path / "out")
    assert isinstance(made, collecting.Collected)
    assert made.images == 2000


def test_a_known_set_says_what_it_would_fetch_before_anything_is_fetched(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(window.controller.collections, "fetch", asked.append)
    window.commands["known_sets"].trigger()
    dialog = window.known_sets
    assert dialog is not None
    assert "fashion-mnist.s3-website" in dialog.files.text()
    assert "26,421,880 bytes, MD5 8d4fb7e6c68d591d4c3dfef9ec88bf0d" in dialog.files.text()
    assert dialog.fetch.text() == "Download 31 MB"
    dialog.chooser.activated.emit(2)
    assert "cifar-10-python.tar.gz" in dialog.files.text()
    assert asked == []
    qtbot.waitExposed(dialog)
    dialog.own.click()
    assert asked == []
