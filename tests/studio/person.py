"""A person at the window: pytest-qt's robot, typed."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QPoint, Qt, SignalInstance
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

_LEFT = Qt.MouseButton.LeftButton
_PLAIN = Qt.KeyboardModifier.NoModifier


class Person:
    def __init__(self, robot: Any) -> None:
        self._robot = robot

    def keeps(self, widget: QWidget) -> None:
        """It is closed and deleted when the test ends."""
        self._robot.addWidget(widget)

    def sees(self, widget: QWidget, width: int = 480, height: int = 700) -> None:
        self.keeps(widget)
        widget.resize(width, height)
        with self._robot.waitExposed(widget):
            widget.show()

    def waits(self, milliseconds: int) -> None:
        self._robot.wait(milliseconds)

    def clicks(self, widget: QWidget, at: QPoint | None = None) -> None:
        QTest.mouseClick(widget, _LEFT, _PLAIN, at or widget.rect().center())

    def double_clicks(self, widget: QWidget, at: QPoint) -> None:
        QTest.mouseDClick(widget, _LEFT, _PLAIN, at)

    def moves_over(self, widget: QWidget, at: QPoint) -> None:
        QTest.mouseMove(widget, at)

    def presses(self, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = _PLAIN) -> None:
        QTest.keyClick(widget, key, modifier)

    def writes(self, widget: QWidget, text: str) -> None:
        QTest.keyClicks(widget, text)

    @contextmanager
    def hears(self, signal: SignalInstance) -> Generator[list[Any]]:
        """The arguments with which `signal` is emitted inside the block or within seconds after it."""
        heard: list[Any] = []
        with self._robot.waitSignal(signal) as waited:
            yield heard
        heard.extend(waited.args)

    @contextmanager
    def hears_nothing(self, signal: SignalInstance) -> Generator[None]:
        with self._robot.assertNotEmitted(signal):
            yield
