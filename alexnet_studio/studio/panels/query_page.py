"""A query's most probable classes and its neighbours; below, the sheet of all queries."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.answer_rows import AnswerRows
from alexnet_studio.studio.panels.answer_sheet import AnswerSheet
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.neighbours import AnswerView, NeighboursView
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.widgets.bars import Bar, Bars
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.column_scroll import ColumnScroll
from alexnet_studio.studio.widgets.drop_area import DropArea
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.plain_label import PlainLabel


class QueryPage(QWidget):
    """`picked` is a click on any picture, `opened` a double click; `space_picked` is what to look at beside the
    features. `figure` is what can be saved.
    """

    intent = Signal(str)
    picked = Signal(str)
    opened = Signal(str)
    space_picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._query = ""
        self.error = PlainLabel(theme, "bad")
        self.drop = DropArea(theme, QCoreApplication.translate("Neighbours", "Drop an image"), 96)
        self.drop.clicked.connect(partial(self.intent.emit, "choose_image"))
        self.caption = ElidedLabel(theme, "quiet", delta=-1.0)
        self.bars = Bars(theme)
        self.neighbours = AnswerRows(theme, lead=False)
        self.sheet = AnswerSheet(theme)
        for rows in (self.neighbours, self.sheet):
            rows.picked.connect(self.picked)
            rows.opened.connect(self.opened)
        self.spaces = Chooser(QCoreApplication.translate("Neighbours", "Near by"), letters=10)
        self.spaces.chosen.connect(self.space_picked)
        self.buttons = {
            "choose_image": Button(
                theme, QCoreApplication.translate("Neighbours", "Choose image…"), icon="image"
            ),
            "from_validation": Button(
                theme, QCoreApplication.translate("Neighbours", "From validation"), icon="data"
            ),
            "pin_image": Button(theme, QCoreApplication.translate("Pins", "Pin"), icon="pin"),
        }
        for name, button in self.buttons.items():
            button.clicked.connect(partial(self._press, name))
        self.figure = QWidget()
        self._lay_out()

    def show_view(self, view: NeighboursView) -> None:
        self.spaces.show_choices(view.spaces, view.space)
        self.buttons["pin_image"].set_state(enabled=view.pin.enabled, tip=view.pin.tip)
        self._show_answer(view.answer)
        several = len(view.sheet) > 1
        self.sheet.setVisible(several)
        self.sheet.show_answers(view.sheet if several else ())

    def set_thumbnail(self, path: str, pixels: Pixels) -> None:
        if path == self._query:
            self.drop.set_pixels(pixels)
        self.neighbours.set_pixels(path, pixels)
        self.sheet.set_pixels(path, pixels)

    def missing(self) -> tuple[str, ...]:
        query = () if not self._query or self.drop.has_picture() else (self._query,)
        return (*query, *self.neighbours.missing(), *self.sheet.missing())

    def _show_answer(self, answer: AnswerView | None) -> None:
        self._query = "" if answer is None else answer.query.path
        self.drop.set_pixels(None if answer is None else answer.query.pixels)
        self.caption.set_text("" if answer is None else answer.truth or answer.title)
        self.error.set_text("" if answer is None else answer.error)
        bars = () if answer is None else answer.bars
        self.bars.set_bars(tuple(Bar(b.name, b.share, b.text, b.right) for b in bars))
        self.neighbours.show_answer(None if answer is None or answer.error else answer)

    def _press(self, name: str) -> None:
        self.intent.emit(name)

    def _lay_out(self) -> None:
        query = QVBoxLayout()
        query.setSpacing(2)
        query.addWidget(self.drop)
        query.addWidget(self.caption)
        beside = QVBoxLayout()
        beside.setSpacing(GRID_PX // 2)
        beside.addWidget(self.error)
        beside.addWidget(self.bars)
        top = QHBoxLayout()
        top.setSpacing(2 * GRID_PX)
        top.addLayout(query, 0)
        top.addLayout(beside, 1)
        top.setAlignment(query, Qt.AlignmentFlag.AlignTop)
        top.setAlignment(beside, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self.figure)
        column.setContentsMargins(0, 0, GRID_PX, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self.neighbours)
        column.addSpacing(GRID_PX)
        column.addWidget(self.sheet)
        column.addStretch(1)
        scroll = ColumnScroll(self.figure)
        tools = QWidget()
        row = FlowLayout(GRID_PX, tools)
        for widget in (*self.buttons.values(), self.spaces):
            row.addWidget(widget)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, GRID_PX, 0, 0)
        page.setSpacing(GRID_PX)
        page.addWidget(tools)
        page.addWidget(scroll, 1)
