"""The Neighbours panel: an image's most probable classes and its nearest training images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.answer_sheet import AnswerSheet, pictures_of
from alexnet_studio.studio.panels.image_drop import PastedImages, local_files
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.neighbours import AnswerView, NeighboursView
from alexnet_studio.studio.views.parts import Selection
from alexnet_studio.studio.widgets.bars import Bar, Bars
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.drop_area import DropArea
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.mark import mark_of
from alexnet_studio.studio.widgets.picture_row import PictureRow
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.stage import Stage


class NeighboursPanel(QWidget):
    """The whole panel takes dropped files; `images_picked` carries local paths."""

    intent = Signal(str)
    selection_changed = Signal(object)
    images_picked = Signal(object)
    k_picked = Signal(int)
    thumbnails_wanted = Signal(object)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = NeighboursView()
        self._asked: tuple[str, ...] = ()
        self._pasted = PastedImages()
        self.setAcceptDrops(True)
        self.title = ElidedLabel(theme, "quiet")
        self.outdated = PlainLabel(theme, "bad", delta=-0.5)
        self.busy = PlainLabel(theme, "quiet", delta=-0.5)
        self.error = PlainLabel(theme, "bad")
        self.agreement = PlainLabel(theme, "quiet", delta=-0.5)
        self.query = DropArea(theme, QCoreApplication.translate("Neighbours", "Drop an image"), 96)
        self.query.clicked.connect(lambda: self.intent.emit("choose_image"))
        self.caption = ElidedLabel(theme, "quiet", delta=-1.0)
        self.bars = Bars(theme)
        self.neighbours = PictureRow(theme, 64)
        self.neighbours.setAccessibleDescription(
            QCoreApplication.translate("Neighbours", "Nearest training images")
        )
        self.sheet = AnswerSheet(theme)
        self.k = self._made_spinner()
        self.buttons = self._made_buttons()
        self.figure = QWidget()
        self._actions = FigureActions(self.figure, ("png", "svg", "pdf", "csv"), self._save)
        for row in (self.neighbours, self.sheet):
            row.picked.connect(self._on_picked)
            row.opened.connect(self._on_opened)
        self.stage = Stage(theme, self._made_content())
        self.stage.intent.connect(self.intent)
        self._lay_out()

    def show_view(self, view: NeighboursView) -> None:
        self._view = view
        self.stage.show_empty(view.empty)
        self.title.set_text(view.title)
        self.outdated.set_text(view.outdated)
        self.busy.set_text(view.busy)
        self.agreement.set_text(view.agreement)
        with QSignalBlocker(self.k):
            self.k.setValue(view.k)
        index = view.index
        self.buttons["index"].set_state(enabled=index.enabled, text=index.text, tip=index.tip)
        self._show_answer(view.answer)
        several = len(view.sheet) > 1
        self.sheet.setVisible(several)
        self.sheet.show_answers(view.sheet if several else ())
        self._ask_for_thumbnails()

    def set_thumbnail(self, path: str, pixels: NDArray[np.uint8]) -> None:
        answer = self._view.answer
        if answer is not None and answer.query.path == path:
            self.query.set_pixels(pixels)
        self.neighbours.set_pixels(path, pixels)
        self.sheet.set_pixels(path, pixels)

    def copy(self) -> None:
        self._actions.copy()

    def paste(self) -> None:
        """The clipboard's files, or its bitmap."""
        mime = QGuiApplication.clipboard().mimeData()
        paths = local_files(mime) or self._pasted.written(mime)
        if paths:
            self.images_picked.emit(paths)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            self.query.set_lit(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.query.set_lit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.query.set_lit(False)
        event.acceptProposedAction()
        self.images_picked.emit(local_files(event.mimeData()))

    def _made_spinner(self) -> QSpinBox:
        spinner = QSpinBox()
        spinner.setRange(1, 100)
        spinner.setKeyboardTracking(False)
        spinner.setAccessibleName(QCoreApplication.translate("Neighbours", "How many neighbours"))
        spinner.setToolTip(spinner.accessibleName())
        spinner.valueChanged.connect(self.k_picked)
        return spinner

    def _made_buttons(self) -> dict[str, Button]:
        made: dict[str, Button] = {}
        for intent, icon, text in (
            ("choose_image", "image", QCoreApplication.translate("Neighbours", "Choose image…")),
            ("from_validation", "data", QCoreApplication.translate("Neighbours", "From validation")),
            ("index", "index", QCoreApplication.translate("Neighbours", "Index")),
        ):
            made[intent] = Button(
                self._theme, text, icon=icon, on_click=lambda chosen=intent: self.intent.emit(chosen)
            )
        return made

    def _made_content(self) -> QWidget:
        query = QVBoxLayout()
        query.setSpacing(2)
        query.addWidget(self.query)
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
        column.addWidget(self.agreement)
        column.addSpacing(GRID_PX)
        column.addWidget(self.sheet)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.figure)
        return scroll

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(self.title, 1)
        head.addWidget(QLabel(QCoreApplication.translate("Neighbours", "k")), 0)
        head.addWidget(self.k, 0)
        tools = FlowLayout(GRID_PX)
        for button in self.buttons.values():
            tools.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addLayout(tools)
        column.addWidget(self.outdated)
        column.addWidget(self.busy)
        column.addWidget(self.stage, 1)

    def _show_answer(self, answer: AnswerView | None) -> None:
        self.query.set_pixels(None if answer is None else answer.query.pixels)
        self.caption.set_text("" if answer is None else answer.truth or answer.title)
        self.error.set_text("" if answer is None else answer.error)
        bars = () if answer is None else answer.bars
        self.bars.set_bars(tuple(Bar(b.name, b.share, b.text, mark_of(b.right or None)) for b in bars))
        self.neighbours.set_pictures(() if answer is None else pictures_of(answer, lead=False))

    def _ask_for_thumbnails(self) -> None:
        answer = self._view.answer
        query = () if answer is None or self.query.has_picture() else (answer.query.path,)
        missing = tuple(dict.fromkeys((*query, *self.neighbours.missing(), *self.sheet.missing())))
        if missing and missing != self._asked:
            self._asked = missing
            self.thumbnails_wanted.emit(missing)

    def _on_picked(self, path: str) -> None:
        # The neighbours' view carries no selection of its own: an image is all that is picked here.
        self.selection_changed.emit(replace(Selection(), image=path))

    def _on_opened(self, path: str) -> None:
        self.images_picked.emit((path,))

    def _save(self, format_: str) -> None:
        self.export_requested.emit("neighbours", format_)
