"""What costs a live window most: being laid out anew."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget


class LayoutRequests(QObject):
    """Counts how often widgets are asked to lay out what is in them."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__(watched[0])
        self._count = 0
        for widget in watched:
            widget.installEventFilter(self)

    def come_to_rest(self) -> int:
        """How many there were since the last rest: one layout may ask for the next."""
        last = -1
        while last != self._count:
            last = self._count
            for _ in range(3):
                QApplication.processEvents()
        counted, self._count = self._count, 0
        return counted

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self._count += event.type() is QEvent.Type.LayoutRequest
        return super().eventFilter(watched, event)
