"""Widgets side by side at their own widths, the rest of the room after them."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX


def in_a_row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID_PX)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row
