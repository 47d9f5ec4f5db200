"""When a widget comes into sight and when it goes: what is costly is done for what is seen only."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QDockWidget, QWidget


class Seen(QObject):
    """Calls `told` with True when `widget` is shown and with False when it is hidden, also behind the tab of another
    dock.

    A window that is minimised is out of sight, unless `keeps_minimised`.
    """

    def __init__(
        self, widget: QWidget, told: Callable[[bool], None], *, keeps_minimised: bool = False
    ) -> None:
        super().__init__(widget)
        self._widget = widget
        self._told = told
        self._keeps_minimised = keeps_minimised
        self._dock: QDockWidget | None = None
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_shown = event.type() is QEvent.Type.Show
        # Spontaneous: the window system minimised the window, or brought it back.
        is_told = not (self._keeps_minimised and event.spontaneous())
        if (is_shown or event.type() is QEvent.Type.Hide) and is_told and self._is_whole():
            dock = self._dock or self._found_dock()
            if dock is None:
                self._tell(is_shown)
        return super().eventFilter(watched, event)

    def _found_dock(self) -> QDockWidget | None:
        """Qt shows a dock that lies behind another one's tab, beyond the edge of the window: only the dock knows."""
        around: QWidget | None = self._widget
        while around is not None and not isinstance(around, QDockWidget):
            around = around.parentWidget()
        if around is not None:
            self._dock = around
            around.visibilityChanged.connect(self._tell)
        return around

    def _tell(self, is_seen: bool) -> None:
        if self._is_whole():
            self._told(is_seen)

    def _is_whole(self) -> bool:
        """Qt hides a widget once more while it is taken apart: its signals are gone by then."""
        return shiboken6.isValid(self._widget)
