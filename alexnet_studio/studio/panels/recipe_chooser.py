"""Which network on which device, why it was proposed, what would go wrong, and how long it takes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.recipe import RecipeView, WarningView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.plain_label import PlainLabel


class WarningRow(QWidget):
    """A sentence and its remedy at one click."""

    remedy_requested = Signal(str)

    def __init__(self, theme: Theme, view: WarningView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._mark = QLabel()
        self.sentence = PlainLabel(theme)
        self.sentence.set_text(view.sentence)
        self.remedy = Button(theme, view.remedy, on_click=lambda: self.remedy_requested.emit(view.code))
        self.remedy.setVisible(bool(view.remedy))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID_PX)
        row.addWidget(self._mark, 0)
        row.addWidget(self.sentence, 1)
        row.addWidget(self.remedy, 0)
        self._tint()
        theme.changed.connect(self._tint)

    def _tint(self) -> None:
        self._mark.setPixmap(self._theme.icon("warning").pixmap(16, 16))


class Advice(QWidget):
    """The reason of the proposal, the warnings, and the line about time and memory."""

    remedy_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: tuple[WarningView, ...] = ()
        self.warnings: list[WarningRow] = []
        self.reason = PlainLabel(theme, "quiet", delta=-0.5)
        self.estimate = PlainLabel(theme, "text", delta=-0.5)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(GRID_PX // 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self.reason)
        column.addLayout(self._rows)
        column.addWidget(self.estimate)

    def show_view(self, view: RecipeView) -> None:
        self.reason.set_text(view.reason)
        self.estimate.set_text(view.estimate)
        if view.warnings != self._shown:
            self._shown = view.warnings
            self._show_warnings()
        self.setVisible(bool(view.reason or view.estimate or view.warnings))

    def _show_warnings(self) -> None:
        for row in self.warnings:
            self._rows.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.warnings = [WarningRow(self._theme, view) for view in self._shown]
        for row in self.warnings:
            row.remedy_requested.connect(self.remedy_requested)
            self._rows.addWidget(row)


def network_chooser() -> Chooser:
    return Chooser(QCoreApplication.translate("Recipe", "Network"))


def device_chooser() -> Chooser:
    return Chooser(QCoreApplication.translate("Recipe", "Device"))
