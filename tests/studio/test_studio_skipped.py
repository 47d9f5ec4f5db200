"""The list of skipped files: a picture of what can be seen of each, its kind where there is none, a filter."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from person import Person
from PIL import Image
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.panels.skipped_files import SkippedFiles
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.data import DataView, SkippedRow
from alexnet_studio.studio.window import Window

PATIENCE_MS = 20_000
SIZE = (96, 64)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two classes of good images, and one file of each problem."""
    root = tmp_path / "photos"
    for name in ("red", "blue"):
        (root / name).mkdir(parents=True)
        for number in range(4):
            Image.new("RGB", SIZE, name).save(root / name / f"{number}.png")
    noise = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)
    Image.fromarray(noise).save(root / "red" / "torn.png")
    Image.fromarray(noise).save(root / "red" / "torn.jpg", quality=95)
    for path in (root / "red" / "torn.png", root / "red" / "torn.jpg"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    Image.new("RGB", SIZE, "lime").save(root / "stray.png")
    (root / "red" / "empty.jpg").touch()
    (root / "red" / "text.jpg").write_text("not an image")
    (root / "red" / "<b>notes.txt").write_text("to do")
    return root


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1200, 900)
    yield made
    made.controller.close()


def test_the_window_shows_what_can_be_seen_of_each(
    qtbot: QtBot, person: Person, window: Window, folder: Path
) -> None:
    state = window.controller.state
    window.open(folder)
    qtbot.waitUntil(lambda: state.setup is not None and not state.progress, timeout=PATIENCE_MS)
    window.controller.act("check_images")
    qtbot.waitUntil(
        lambda: state.dataset is not None and len(state.dataset.skipped) == 6, timeout=PATIENCE_MS
    )
    window.commands["show_data"].trigger()
    panel = window.pages.panels.data
    panel.show_skipped()
    listed = panel.skipped.files
    assert {row.path: row.kind for row in listed.rows() if not row.has_picture} == {
        "red/<b>notes.txt": "txt",
        "red/empty.jpg": "0 B",
        "red/text.jpg": "≠ jpg",
    }
    seen = {"red/torn.png", "red/torn.jpg", "stray.png"}
    for number, row in enumerate(listed.rows()):
        listed.scrollTo(listed.model().index(number, 0))
        if row.has_picture:
            qtbot.waitUntil(lambda path=row.path: path in listed.images, timeout=PATIENCE_MS)
    assert set(listed.images) == seen
    # The upper half of the torn ones is there, the stray one whole.
    assert listed.images["stray.png"].pixelColor(5, 60).name() == "#00ff00"
    whole = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)[:, 16:80]
    torn = pixels_of(listed.images["red/torn.png"])
    np.testing.assert_array_equal(torn[:20], whole[:20])
    assert not torn[-1].any()
    # One problem at a time.
    chooser = panel.skipped.problem
    assert [chooser.itemText(n) for n in range(2)] == ["all problems (6)", "ends early (2)"]
    person.presses(chooser, Qt.Key.Key_Down)
    assert {row.path for row in listed.rows()} == {"red/torn.png", "red/torn.jpg"}
    assert panel.skipped_fold.header.text() == "6 skipped"
    person.presses(chooser, Qt.Key.Key_Up)
    assert len(listed.rows()) == 6


def pixels_of(image: QImage) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.array(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3)


def test_ten_thousand_are_listed_at_once_and_only_the_visible_are_asked_for(
    person: Person, theme: Theme
) -> None:
    rows = tuple(SkippedRow(f"a/{n:05}.jpg", "ends early", "early", seen=True) for n in range(10_000))
    panel = SkippedFiles(theme)
    began = time.perf_counter()
    with person.hears(panel.missing_seen) as heard:
        panel.show_view(DataView(skipped=rows, skipped_total=10_000), DataView())
        person.sees(panel, 400, 300)
    assert time.perf_counter() - began < 2
    asked = heard[0]
    assert asked[0] == "a/00000.jpg"
    assert len(asked) < 10
    for path in asked:
        panel.set_thumbnail(path, np.full((64, 64, 3), 200, np.uint8))
    bar = panel.files.verticalScrollBar()
    with person.hears(panel.missing_seen) as heard:
        bar.setValue(bar.maximum())
    assert heard[0][-1] == "a/09999.jpg"
    assert len(heard[0]) < 10
    began = time.perf_counter()
    for step in range(30):
        bar.setValue(step * bar.maximum() // 30)
        panel.files.viewport().repaint()
    assert (time.perf_counter() - began) / 30 < 0.05


def test_keys_move_and_the_list_is_copied(person: Person, theme: Theme) -> None:
    rows = tuple(
        SkippedRow(f"{'<i>长' * 60}/{n}.txt", "is of a type that is not read (.txt)", "type")
        for n in range(9)
    )
    panel = SkippedFiles(theme)
    panel.show_view(DataView(skipped=rows, skipped_total=9), DataView())
    person.sees(panel, 300, 300)
    assert not panel.problem.isVisible()
    person.clicks(panel.files.viewport(), QPoint(100, 10))
    person.presses(panel.files, Qt.Key.Key_Down)
    assert panel.files.currentIndex().row() == 1
    assert panel.files.as_text().splitlines()[1] == f"{rows[1].path}\t{rows[1].reason}"
