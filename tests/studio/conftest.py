"""Every test of the window runs without a display."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from person import Person
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    made = Theme("light")
    made.apply(qapp)
    return made


@pytest.fixture
def person(qtbot: object) -> Person:
    return Person(qtbot)


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """Nothing is open in it; its data, its cache and its settings are the test's own."""
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("ALEXNET_STUDIO_CACHE", str(tmp_path / "cache"))
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1200, 800)
    yield made
    made.controller.close()


@pytest.fixture
def exploring(window: Window) -> Window:
    """Large, with the panels that ask a run."""
    window.resize(1440, 900)
    window.commands["workspace_explore"].trigger()
    return window
