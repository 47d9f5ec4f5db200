"""How often the vote of the k nearest is right, beside the network itself."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.votes import VotesView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.table import Table
from alexnet_studio.studio.widgets.table_rows import Column, Row


class VotePage(QWidget):
    intent = Signal(str)
    images_picked = Signal(str)
    space_picked = Signal(str)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[str, ...], ...] = ()
        self.images = Chooser(QCoreApplication.translate("Votes", "Which images"), letters=15)
        self.images.chosen.connect(self.images_picked)
        self.spaces = Chooser(QCoreApplication.translate("Neighbours", "Near by"), letters=7)
        self.spaces.chosen.connect(self.space_picked)
        self.vote = Button(theme, on_click=partial(self.intent.emit, "vote"))
        self.table = Table(theme, _columns())
        self.table.setAccessibleName(QCoreApplication.translate("Votes", "Share of images that are right"))
        self.said = PlainLabel(theme, "quiet", delta=-0.5)
        FigureActions(
            self.table, ("csv",), partial(self.export_requested.emit, "votes"), text=self.table.as_text
        )
        tools = QWidget()
        flow = FlowLayout(GRID_PX, tools)
        for widget in (self.images, self.spaces, self.vote):
            flow.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(tools)
        column.addWidget(self.said)
        column.addWidget(self.table, 1)

    def show_view(self, view: VotesView) -> None:
        self.images.show_choices(view.images, view.on)
        self.spaces.show_choices(view.spaces, view.space)
        self.vote.set_state(enabled=view.vote.enabled, text=view.vote.text, tip=view.vote.tip)
        self.said.set_text(view.said)
        if view.rows != self._rows:
            self._rows = view.rows
            self.table.set_rows([Row(cells) for cells in view.rows])
        self.table.setVisible(bool(view.rows))


def _columns() -> tuple[Column, ...]:
    return (
        Column(QCoreApplication.translate("Votes", "vote on"), rank=1),
        Column(QCoreApplication.translate("Votes", "images"), numeric=True, rank=2),
        Column(QCoreApplication.translate("Votes", "k"), numeric=True),
        Column(
            QCoreApplication.translate("Votes", "features"),
            numeric=True,
            tip=QCoreApplication.translate("Votes", "Right by the vote of the nearest by features"),
        ),
        Column(
            QCoreApplication.translate("Votes", "pixels"),
            numeric=True,
            tip=QCoreApplication.translate("Votes", "Right by the vote of the nearest by pixels"),
        ),
        Column(
            QCoreApplication.translate("Votes", "network"),
            numeric=True,
            tip=QCoreApplication.translate("Votes", "What the network itself has right of the same images"),
        ),
    )
