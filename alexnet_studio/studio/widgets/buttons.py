"""Push buttons in the three looks of the style sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtWidgets import QPushButton, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.elided_label import plain_tip


class Button(QPushButton):
    """`role` "primary" is the one action of its place, "quiet" has no frame; the icon is re-tinted with the theme."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        *,
        icon: str = "",
        role: Literal["", "primary", "quiet"] = "",
        on_click: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text, parent)
        self._theme = theme
        self._icon = icon
        self._role = role
        self.setProperty("role", role)
        self.setAutoDefault(False)
        self._tint()
        theme.changed.connect(self._tint)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())

    def set_state(self, *, enabled: bool, text: str = "", tip: str = "") -> None:
        """An empty `text` keeps the one the button has."""
        self.setEnabled(enabled)
        if text and text != self.text():
            self.setText(text)
        self.setToolTip(plain_tip(tip))

    def set_icon(self, icon: str) -> None:
        if icon != self._icon:
            self._icon = icon
            self._tint()

    def _tint(self) -> None:
        if self._icon:
            draw = self._theme.accent_icon if self._role == "primary" else self._theme.icon
            self.setIcon(draw(self._icon))
