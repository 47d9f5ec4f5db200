"""Every test of the window runs without a display."""

from __future__ import annotations

import os

import pytest
from person import Person
from PySide6.QtWidgets import QApplication

from alexnet_studio.studio.theme import Theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    made = Theme("light")
    made.apply(qapp)
    return made


@pytest.fixture
def person(qtbot: object) -> Person:
    return Person(qtbot)
