"""A set of images is looked at, collected and opened through the window."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from alexnet_studio.images import collecting
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.panels.collection import CollectionDialog
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.window import Window

PATIENCE_MS = 20_000


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


def looked_at(
    qtbot: QtBot, window: Window, source: Path, monkeypatch: pytest.MonkeyPatch
) -> CollectionDialog:
    """The form that comes once `source` was chosen."""

    def choose_source(picked: Callable[[Path], None]) -> None:
        picked(source)

    monkeypatch.setattr(window.dialogs, "choose_collection_file", choose_source)
    monkeypatch.setattr(window.dialogs, "choose_collection_folder", choose_source)
    window.commands["collect_folder" if source.is_dir() else "collect_file"].trigger()
    assert not window.commands["collect_folder"].isEnabled()
    qtbot.waitUntil(
        lambda: window.collection is not None and window.collection.isVisible(), timeout=PATIENCE_MS
    )
    settle(qtbot, window)
    assert window.collection is not None
    return window.collection


def write(person: Person, form: CollectionDialog, name: str, text: str) -> None:
    editor = form.cells[name].editor
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    person.presses(editor, Qt.Key.Key_Delete)
    person.writes(editor, text)


def choose(form: CollectionDialog, name: str, label: str) -> None:
    editor = form.cells[name].editor
    assert isinstance(editor, Chooser)
    editor.activated.emit(editor.findText(label))


def test_a_table_is_collected_and_its_folder_opened(
    qtbot: QtBot, person: Person, window: Window, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = looked_at(qtbot, window, table, monkeypatch)
    assert form.found.text() == "7 images (0 MB) in labels.csv"
    assert form.source.text() == str(table)
    assert list(form.cells) == [
        "path_column", "label_column", "split_column", "group_column", "names", "side", "folder"
    ]  # fmt: skip
    folder = form.cells["folder"].editor
    assert isinstance(folder, QLineEdit) and folder.text() == str(tmp_path / "labels-images")
    write(person, form, "folder", str(tmp_path / "out"))
    person.clicks(form.collect)
    assert not form.isVisible()
    qtbot.waitUntil(lambda: window.controller.state.setup is not None, timeout=PATIENCE_MS)
    settle(qtbot, window)
    dataset = window.controller.state.dataset
    assert dataset is not None
    assert dataset.root == str(tmp_path / "out")
    assert sentence(window).startswith(f"6 images in 2 classes are in {tmp_path / 'out'}.")
    assert "1 left out, the first of them: gone.png (does not exist)." in sentence(window)
    assert window.commands["collect_folder"].isEnabled()
    assert not form.isVisible()


def test_columns_are_chosen_from_the_tables_own(
    qtbot: QtBot, person: Person, window: Window, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = table.read_text("utf-8").splitlines()[2:]
    told = ["Photo,Alloy,Tray", *(f"{row},tray {i % 2}" for i, row in enumerate(rows))]
    table.write_text("\n".join(told), "utf-8")
    form = looked_at(qtbot, window, table, monkeypatch)
    choose(form, "path_column", "Photo")
    choose(form, "label_column", "Alloy")
    choose(form, "group_column", "Tray")
    write(person, form, "side", "few")
    write(person, form, "folder", "")
    person.clicks(form.collect)
    assert form.isVisible()
    assert form.cells["side"].error.text() == "Give a whole number of pixels, such as 256."
    assert form.cells["folder"].error.text() == "Name the folder to make."
    write(person, form, "side", "2")
    assert form.cells["side"].error.text() == ""
    write(person, form, "folder", str(tmp_path / "out"))
    person.clicks(form.collect)
    qtbot.waitUntil(lambda: bool(form.cells["side"].error.text()), timeout=PATIENCE_MS)
    assert form.cells["side"].error.text().startswith("Images of 2 pixels a side are not made.")
    write(person, form, "side", "16")
    person.clicks(form.collect)
    qtbot.waitUntil(lambda: bool(sentence(window)), timeout=PATIENCE_MS)
    assert "groups.csv keeps the groups together" in sentence(window)
    with Image.open(next((tmp_path / "out/red").iterdir())) as image:
        assert image.size == (16, 16)


@pytest.mark.usefixtures("table")
def test_a_folder_of_photos_is_cut_into_tiles(
    qtbot: QtBot, person: Person, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in tmp_path.glob("*.png"):
        (tmp_path / "photos" / path.name[:3]).mkdir(parents=True, exist_ok=True)
        path.rename(tmp_path / "photos" / path.name[:3] / path.name)
    form = looked_at(qtbot, window, tmp_path / "photos", monkeypatch)
    assert list(form.cells) == ["tiles", "names", "folder"]
    person.clicks(form.collect)
    assert form.cells["tiles"].error.text() == "Give a whole number of pixels, such as 256."
    write(person, form, "tiles", "16")
    names = tmp_path / "names.txt"
    names.write_text("one\ntwo", "utf-8")
    browse = form.cells["names"].browse
    assert browse is not None
    monkeypatch.setattr(window.dialogs, "choose_named_file", lambda _title, picked: picked(names))  # pyright: ignore
    person.clicks(browse)
    person.clicks(form.collect)
    qtbot.waitUntil(lambda: bool(form.cells["names"].error.text()), timeout=PATIENCE_MS)
    assert "Leave the file of names out." in form.cells["names"].error.text()
    write(person, form, "names", "")
    person.clicks(form.collect)
    qtbot.waitUntil(lambda: bool(sentence(window)), timeout=PATIENCE_MS)
    assert sentence(window).startswith("24 images in 2 classes are in")


def test_what_cannot_be_collected_is_told(
    qtbot: QtBot, person: Person, window: Window, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.setattr(window.dialogs, "choose_collection_folder", lambda picked: picked(tmp_path / "data"))  # pyright: ignore
    window.commands["collect_folder"].trigger()
    settle(qtbot, window)
    assert "is no set of images that is known here" in sentence(window)
    assert window.collection is None
    (tmp_path / "used").mkdir()
    (tmp_path / "used/thesis.txt").write_text("do not touch", "utf-8")
    form = looked_at(qtbot, window, table, monkeypatch)
    write(person, form, "folder", str(tmp_path / "used"))
    person.clicks(form.collect)
    qtbot.waitUntil(lambda: "is in use" in form.cells["folder"].error.text(), timeout=PATIENCE_MS)
    settle(qtbot, window)
    person.clicks(form.cancel)
    assert window.controller.state.collection is None
    assert not form.isVisible()
    assert {path.name for path in (tmp_path / "used").iterdir()} == {"thesis.txt"}


def test_cancelled_it_says_how_to_go_on(
    qtbot: QtBot, person: Person, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    (folder / "batches.meta").write_bytes(pickle.dumps({"label_names": ["cat", "dog"]}, 2))
    rows = np.zeros((2000, 3072), np.uint8)
    (folder / "data_batch_1").write_bytes(pickle.dumps({"data": rows, "labels": [0, 1] * 1000}, 4))
    form = looked_at(qtbot, window, folder, monkeypatch)
    assert list(form.cells) == ["names", "side", "folder"]
    controller = window.controller
    person.clicks(form.collect)
    qtbot.waitUntil(lambda: controller.state.progress.get(JobKind.COLLECT) is not None, timeout=PATIENCE_MS)
    window.commands["cancel"].trigger()
    settle(qtbot, window)
    assert sentence(window) == "Collecting was stopped. Collect into the same folder again to go on."
    assert controller.state.dataset is None
    assert not form.isVisible()
    *_, made = collecting.collect(folder, tmp_path / "cifar-10-batches-py-images")
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
