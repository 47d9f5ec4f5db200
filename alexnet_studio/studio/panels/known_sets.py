"""Fetching a well-known set: its address, size and checksum are shown before anything is asked of the network."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.data import KnownSetView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.in_a_row import in_a_row
from alexnet_studio.studio.widgets.plain_label import PlainLabel


class KnownSetsDialog(QDialog):
    """`fetch_requested` carries the name of the set that was looked at when the button was pressed."""

    fetch_requested = Signal(str)
    intent = Signal(str)

    def __init__(self, theme: Theme, sets: tuple[KnownSetView, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("KnownSets", "Get a well-known set"))
        self._sets = {one.name: one for one in sets}
        self.chooser = Chooser(QCoreApplication.translate("KnownSets", "Set"), letters=40)
        self.chooser.show_choices(tuple((one.name, one.title) for one in sets), sets[0].name)
        self.chooser.chosen.connect(self._show)
        self.files = PlainLabel(theme, "quiet", delta=-0.5)
        self.files.setWordWrap(True)
        self.fetch = Button(theme, role="primary", on_click=self._fetch)
        self.own = Button(
            theme,
            QCoreApplication.translate("KnownSets", "Choose a file I already have…"),
            on_click=self._choose_own,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addWidget(self.chooser)
        column.addWidget(self.files, 1)
        column.addLayout(in_a_row(self.fetch, self.own))
        self.resize(620, 280)
        self._name = ""
        self._show(sets[0].name)

    def _show(self, name: str) -> None:
        self._name = name
        self.files.set_text(self._sets[name].files)
        self.fetch.setText(self._sets[name].button)

    def _fetch(self) -> None:
        self.fetch_requested.emit(self._name)
        self.accept()

    def _choose_own(self) -> None:
        self.intent.emit("collect_file")
        self.accept()
