"""The differences of the network on the screen from another one, chosen beside them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.architecture import ComparisonView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.table import Table
from alexnet_studio.studio.widgets.table_rows import Column, Row

_HEIGHT_PX = 240


class Comparison(QWidget):
    """`picked` is the other network's name, `layer_picked` a layer's whose difference was clicked."""

    picked = Signal(str)
    layer_picked = Signal(str)
    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = ComparisonView()
        self.other = Chooser(QCoreApplication.translate("Architecture", "The other network"), 24)
        self.other.setPlaceholderText(QCoreApplication.translate("Architecture", "Choose a network"))
        self.other.chosen.connect(self.picked)
        self.run = Button(
            theme,
            QCoreApplication.translate("Architecture", "A run’s…"),
            on_click=partial(self.intent.emit, "compare_run"),
        )
        self.source = ElidedLabel(theme, "quiet", delta=-0.5)
        self.same = PlainLabel(theme, "quiet")
        self.table = Table(theme, _columns("", ""))
        self.table.setAccessibleName(QCoreApplication.translate("Architecture", "Differences"))
        self.table.picked.connect(self._on_row_picked)
        top = QHBoxLayout()
        top.setSpacing(GRID_PX)
        top.addWidget(self.other)
        top.addWidget(self.run)
        top.addWidget(self.source, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(top)
        column.addWidget(self.same)
        column.addWidget(self.table)
        self.show_view(ComparisonView())

    def show_view(self, view: ComparisonView) -> None:
        self._view = view
        self.other.show_choices(view.choices, view.name)
        self.source.set_text(view.source)
        self.table.set_columns(_columns(view.here, view.there))
        self.table.set_rows([Row(cells) for cells in view.rows])
        self.table.limit_height(_HEIGHT_PX)
        self.table.setVisible(bool(view.rows))
        nothing = QCoreApplication.translate("Architecture", "Nothing is different.")
        self.same.set_text(nothing if view.name and not view.rows else "")
        self.same.setVisible(bool(view.name) and not view.rows)

    def _on_row_picked(self, row: int) -> None:
        if row < len(self._view.rows):
            self.layer_picked.emit(self._view.rows[row][0])


def _columns(here: str, there: str) -> tuple[Column, ...]:
    return (
        Column(QCoreApplication.translate("Architecture", "layer")),
        Column(QCoreApplication.translate("Architecture", "aspect"), quiet=True),
        Column(here, shared=True),
        Column(there, shared=True),
    )
