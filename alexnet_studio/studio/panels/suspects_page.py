"""Training images that their neighbours speak against: looked at, given another class, or left out."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.answer_rows import AnswerRows
from alexnet_studio.studio.panels.label_tools import LabelTools
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.neighbours import AnswerView
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.views.votes import SuspectsView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.column_scroll import ColumnScroll
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.image_grid import ImageGrid
from alexnet_studio.studio.widgets.plain_label import PlainLabel

_GRID_PX = 104  # one row of pictures with what stands below them


class SuspectsPage(QWidget):
    """`suspect_picked` carries the path of a suspect; `picked` and `opened` that of one of its neighbours."""

    intent = Signal(str)
    suspect_picked = Signal(str)
    picked = Signal(str)
    opened = Signal(str)
    amount_picked = Signal(str)
    label_picked = Signal(str)
    thumbnails_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = Button(theme, on_click=partial(self.intent.emit, "find_suspects"))
        self.amount = Chooser(QCoreApplication.translate("Votes", "How many are asked"), letters=11)
        self.amount.chosen.connect(self.amount_picked)
        self.found = PlainLabel(theme, "quiet", delta=-0.5)
        self.grid = ImageGrid(theme)
        self.grid.setAccessibleName(QCoreApplication.translate("Votes", "Suspects"))
        self.grid.setMinimumHeight(_GRID_PX)
        self.grid.picked.connect(self.suspect_picked)
        self.grid.missing_seen.connect(self.thumbnails_wanted)
        self.title = ElidedLabel(theme)
        self.neighbours = AnswerRows(theme, lead=False)
        self.neighbours.picked.connect(self.picked)
        self.neighbours.opened.connect(self.opened)
        self.labels = LabelTools(theme)
        self.labels.intent.connect(self.intent)
        self.labels.label_picked.connect(self.label_picked)
        self._lay_out()

    def show_view(self, view: SuspectsView, answer: AnswerView | None, image: str | None) -> None:
        """`answer` is shown where the selected `image` is in it."""
        self.look.set_state(enabled=view.find.enabled, text=view.find.text, tip=view.find.tip)
        self.amount.show_choices(view.amounts, view.amount)
        self.amount.setVisible(bool(view.amounts))
        self.found.set_text(view.found)
        self.grid.set_keys(view.images, view.captions)
        self.grid.set_current(image)
        self.grid.setVisible(bool(view.images))
        self.title.set_text(view.picked)
        self.below.setVisible(bool(view.picked))
        self.neighbours.show_answer(_with(answer, image) if view.picked else None)
        self.labels.show_view(view.editing)

    def set_thumbnail(self, path: str, pixels: Pixels) -> None:
        self.grid.set_pixels(path, pixels)
        self.neighbours.set_pixels(path, pixels)

    def missing(self) -> tuple[str, ...]:
        return self.neighbours.missing()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID_PX)
        top.addWidget(self.look, 0)
        top.addWidget(self.amount, 0)
        top.addWidget(self.found, 1)
        # Of the room that there is, not of what it would like: what is picked is seen below it.
        self.grid.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.below = QWidget()
        below = QVBoxLayout(self.below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(GRID_PX // 2)
        below.addWidget(self.title)
        below.addWidget(self.labels)
        below.addWidget(self.neighbours)
        self.below.hide()
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, GRID_PX, GRID_PX, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self.grid, 1)
        column.addWidget(self.below)
        scroll = ColumnScroll(content)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scroll)


def _with(answer: AnswerView | None, image: str | None) -> AnswerView | None:
    """The answer by features, if `image` is its query or one of its neighbours.

    What other ways of looking find is on the first page: here is less room.
    """
    if answer is None:
        return None
    seen = {answer.query.path, *(near.thumbnail.path for near in answer.neighbours)}
    return replace(answer, beside=()) if image in seen else None
