"""A figure and what explains it: one above the other, or beside each other where there is room for both."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from alexnet_studio.studio.theme import GRID_PX

_WIDE_PX = 900
_WIDE_SHAPE = 1.7
_MOST = 0.45  # of the height, for the figure


class FigureSplit(QSplitter):
    """The figure takes the height that its shape needs, up to nearly half, until a person moves the handle."""

    def __init__(self, figure: QWidget, other: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._figure = figure
        self._moved = False
        self.setChildrenCollapsible(False)
        self.setHandleWidth(2 * GRID_PX)
        self.addWidget(figure)
        self.addWidget(other)
        self.setStretchFactor(0, 1)
        self.setStretchFactor(1, 1)
        self.splitterMoved.connect(self._on_moved)

    def share(self) -> None:
        """To be called when the figure's shape has changed."""
        if self._moved:
            return
        if self.orientation() is Qt.Orientation.Horizontal:
            self.setSizes([self.width() // 2, self.width() // 2])
            return
        wanted = min(self._figure.heightForWidth(self.width()), int(_MOST * self.height()))
        self.setSizes([wanted, self.height() - wanted])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() > max(_WIDE_PX, _WIDE_SHAPE * self.height())
        self.setOrientation(Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical)
        self.share()

    def _on_moved(self) -> None:
        self._moved = True
