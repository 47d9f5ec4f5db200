"""The Pinned panel: images that the training looks at after each epoch, as it saw them at the chosen moment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.moment import PinsView, PinView
from alexnet_studio.studio.views.neighbours import AnswerView
from alexnet_studio.studio.views.parts import Selection
from alexnet_studio.studio.widgets.bars import Bar, Bars
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.column_scroll import ColumnScroll
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.mark import mark_of
from alexnet_studio.studio.widgets.moment_bar import MomentBar
from alexnet_studio.studio.widgets.picture_row import Picture, PictureRow
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.stage import Stage

_SIDE_PX = 56


class PinnedPanel(QWidget):
    """`unpin_requested` carries the image."""

    intent = Signal(str)
    selection_changed = Signal(object)
    unpin_requested = Signal(str)
    thumbnails_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._asked: tuple[str, ...] = ()
        self.moment = MomentBar(theme)
        self.moment.now_wanted.connect(lambda: self.intent.emit("show_now"))
        self.title = ElidedLabel(theme, "quiet")
        self.pin = Button(
            theme,
            QCoreApplication.translate("Pins", "Pin"),
            icon="pin",
            on_click=lambda: self.intent.emit("pin_image"),
        )
        self.rows: list[PinnedRow] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(2 * GRID_PX)
        self.stage = Stage(theme, self._made_content())
        self.stage.intent.connect(self.intent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)

    def show_view(self, view: PinsView) -> None:
        self.stage.show_empty(view.empty)
        self.moment.show_text(view.moment)
        self.title.set_text(view.title)
        self.pin.set_state(enabled=view.pin.enabled, text=view.pin.text, tip=view.pin.tip)
        while len(self.rows) < len(view.pins):
            self._add_row()
        for row, pin in zip(self.rows, view.pins, strict=False):
            row.show_pin(pin)
        for number, row in enumerate(self.rows):
            row.setVisible(number < len(view.pins))
        self._ask_for_thumbnails(len(view.pins))

    def set_thumbnail(self, path: str, pixels: NDArray[np.uint8]) -> None:
        for row in self.rows:
            row.pictures.set_pixels(path, pixels)

    def _add_row(self) -> None:
        row = PinnedRow(self._theme)
        row.pictures.picked.connect(self._on_picked)
        row.unpin_requested.connect(self.unpin_requested)
        self._column.addWidget(row)
        self.rows.append(row)

    def _on_picked(self, path: str) -> None:
        self.selection_changed.emit(replace(Selection(), image=path))

    def _ask_for_thumbnails(self, count: int) -> None:
        missing = tuple(dict.fromkeys(key for row in self.rows[:count] for key in row.pictures.missing()))
        if missing and missing != self._asked:
            self._asked = missing
            self.thumbnails_wanted.emit(missing)

    def _made_content(self) -> QWidget:
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(self.title, 1)
        head.addWidget(self.pin)
        inside = QWidget()
        rows = QVBoxLayout(inside)
        rows.setContentsMargins(0, 0, GRID_PX, 0)
        rows.addLayout(self._column)
        rows.addStretch(1)
        scroll = ColumnScroll(inside)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.moment)
        column.addLayout(head)
        column.addWidget(scroll, 1)
        return content


class PinnedRow(QWidget):
    """One pinned image with its neighbours behind it, and its bars."""

    unpin_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = ""
        self.title = ElidedLabel(theme)
        self.unpin = Button(theme, icon="close", role="quiet", on_click=self._ask_to_unpin)
        self.unpin.setAccessibleName(QCoreApplication.translate("Pins", "Unpin"))
        self.pictures = PictureRow(theme, _SIDE_PX)
        self.bars = Bars(theme)
        self.note = PlainLabel(theme, "quiet", delta=-0.5)
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(self.title, 1)
        head.addWidget(self.unpin)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addLayout(head)
        for widget in (self.pictures, self.bars, self.note):
            column.addWidget(widget)

    def show_pin(self, view: PinView) -> None:
        self._image = view.image
        self.title.set_text(view.title)
        self.title.set_tip(view.image)
        self.unpin.setVisible(bool(view.unpin.text))
        self.unpin.set_state(enabled=view.unpin.enabled, tip=view.unpin.tip)
        self.pictures.set_pictures(_pictures(view.answer))
        bars = view.answer.bars
        self.bars.set_bars(tuple(Bar(b.name, b.share, b.text, b.right) for b in bars))
        self.bars.setVisible(bool(bars))
        self.note.set_text(view.note)

    def _ask_to_unpin(self) -> None:
        self.unpin_requested.emit(self._image)


def _pictures(answer: AnswerView) -> tuple[Picture, ...]:
    """The image itself, and what is near it."""
    own = Picture(answer.query.path, "", answer.truth, lead=True, pixels=answer.query.pixels)
    near = (
        Picture(one.thumbnail.path, one.distance, one.name, mark_of(one.agrees), pixels=one.thumbnail.pixels)
        for one in answer.neighbours
    )
    return (own, *near)
