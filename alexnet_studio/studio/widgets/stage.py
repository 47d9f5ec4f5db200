"""A panel's two faces: its content, or the sentence that says what will be there."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.parts import EmptyView
from alexnet_studio.studio.widgets.empty_state import EmptyState


class Stage(QStackedWidget):
    """`intent` is the empty state's."""

    intent = Signal(str)

    def __init__(self, theme: Theme, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.empty_state = EmptyState(theme)
        self.empty_state.intent.connect(self.intent)
        self._content = content
        self.addWidget(content)
        self.addWidget(self.empty_state)
        self.setCurrentWidget(self.empty_state)

    def show_empty(self, view: EmptyView | None) -> None:
        """None shows the content."""
        if view is not None:
            self.empty_state.show_view(view)
        self.setCurrentWidget(self._content if view is None else self.empty_state)

    def minimumSizeHint(self) -> QSize:
        # Only the visible face asks for room: docks must stay free to shrink while a panel is empty.
        return (self.currentWidget() or self._content).minimumSizeHint()
