"""The first page, and behind it the panels in their docks, which are made after the first paint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from alexnet_studio.studio.controller import Controller
from alexnet_studio.studio.panels.welcome import WelcomePage
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.views.window import WindowView

if TYPE_CHECKING:
    from alexnet_studio.studio.docks import Docks
    from alexnet_studio.studio.panel_set import PanelSet


class Pages(QStackedWidget):
    """`layout_bytes` is the docks' arrangement of the last session."""

    def __init__(self, theme: Theme, layout_bytes: QByteArray, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._layout_bytes = layout_bytes
        self._controller: Controller | None = None
        self._made: tuple[PanelSet, Docks] | None = None
        self._view: WindowView | None = None
        self.welcome = WelcomePage(theme)
        self.welcome.example.setFocus()
        self.addWidget(self.welcome)

    def join(self, controller: Controller) -> None:
        self._controller = controller
        self.welcome.intent.connect(controller.act)

    @property
    def panels(self) -> PanelSet:
        return self._make()[0]

    @property
    def docks(self) -> Docks:
        return self._make()[1]

    def show_view(self, view: WindowView) -> None:
        last, self._view = self._view, view
        if self._made is not None:
            self.panels.show_view(view, last)
        if last is None or view.recent != last.recent:
            self.welcome.show_recent(view.recent)
        if last is None or view.welcome != last.welcome:
            shown = self.welcome if view.welcome else self.docks
            self.setCurrentWidget(shown)
            shown.setFocus()  # it would otherwise fall on the toolbar's first button

    def set_thumbnail(self, path: str, pixels: Pixels) -> None:
        if self._made is not None:
            self.panels.set_thumbnail(path, pixels)

    def fit_workspace(self) -> None:
        """After the window's width has changed: narrow ones tab."""
        if self._made is not None and self._controller is not None:
            self.docks.show_workspace(self._controller.state.workspace)

    def saved_layout(self) -> QByteArray:
        return self._layout_bytes if self._made is None else self.docks.saveState()

    def _make(self) -> tuple[PanelSet, Docks]:
        if self._made is not None:
            return self._made
        from alexnet_studio.studio.docks import Docks
        from alexnet_studio.studio.panel_set import PanelSet

        assert self._controller is not None
        panels = PanelSet(self._theme)
        docks = Docks(panels.docked(), self)
        docks.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._made = panels, docks
        self.addWidget(docks)
        panels.join(self._controller)
        docks.restore(self._controller.state.workspace, self._layout_bytes)
        if self._view is not None:
            panels.show_view(self._view, None)
        return self._made
