"""The menu bar, from the table of actions."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from alexnet_studio.studio.actions import action_rows, menu_titles


class Menus(QObject):
    """Also owns File ▸ Open recent: missing places are greyed, and the list can be cleared."""

    recent_picked = Signal(str)
    recent_cleared = Signal()

    def __init__(self, bar: QMenuBar, actions: Mapping[str, QAction]) -> None:
        super().__init__(bar)
        self._recent = QMenu(QCoreApplication.translate("Menu", "Open re&cent"), bar)
        groups: dict[str, int] = {}
        menus = {name: bar.addMenu(title) for name, title in menu_titles().items()}
        for row in action_rows():
            menu = menus[row.menu]
            if groups.setdefault(row.menu, row.group) != row.group:
                groups[row.menu] = row.group
                menu.addSeparator()
            menu.addAction(actions[row.name])
            if row.name == "open_run":
                menu.addMenu(self._recent)
        self._recent.aboutToShow.connect(self._fill)
        self._paths: tuple[tuple[str, str], ...] = ()

    def show_recent(self, paths: tuple[tuple[str, str], ...]) -> None:
        self._paths = paths
        self._recent.setEnabled(bool(paths))

    def _fill(self) -> None:
        self._recent.clear()
        for path, label in self._paths:
            entry = self._recent.addAction(label.replace("&", "&&"))
            entry.setEnabled(Path(path).exists())
            entry.triggered.connect(lambda _=False, path=path: self.recent_picked.emit(path))
        self._recent.addSeparator()
        clear = self._recent.addAction(QCoreApplication.translate("Menu", "&Clear this list"))
        clear.triggered.connect(lambda: self.recent_cleared.emit())
