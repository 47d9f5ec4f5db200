"""The Neighbours panel: an image's nearest training images, the neighbours' vote, and the images it speaks against."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QTabWidget, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.image_drop import PastedImages, local_files
from alexnet_studio.studio.panels.query_page import QueryPage
from alexnet_studio.studio.panels.suspects_page import SuspectsPage
from alexnet_studio.studio.panels.vote_page import VotePage
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.neighbours import K_MAX, NeighboursView
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.stage import Stage


class NeighboursPanel(QWidget):
    """The whole panel takes dropped files; `images_picked` carries local paths."""

    intent = Signal(str)
    selection_changed = Signal(object)
    images_picked = Signal(object)
    k_picked = Signal(int)
    layer_picked = Signal(str)
    thumbnails_wanted = Signal(object)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = NeighboursView()
        self._asked: tuple[str, ...] = ()
        self._pasted = PastedImages()
        self.setAcceptDrops(True)
        self.title = ElidedLabel(theme, "quiet", delta=-0.5)
        self.outdated = PlainLabel(theme, "bad", delta=-0.5)
        self.layer = Chooser(QCoreApplication.translate("Neighbours", "Features of the layer"), letters=9)
        self.layer.chosen.connect(self.layer_picked)
        self.index = Button(
            theme,
            QCoreApplication.translate("Neighbours", "Index"),
            icon="index",
            on_click=partial(self.intent.emit, "index"),
        )
        self.k = self._made_spinner()
        self.query = QueryPage(theme)
        self.vote = VotePage(theme)
        self.suspects = SuspectsPage(theme)
        self._actions = FigureActions(self.query.figure, ("png", "svg", "pdf", "csv"), self._save)
        for page in (self.query, self.suspects):
            page.intent.connect(self.intent)
            page.picked.connect(self._on_picked)
            page.opened.connect(self._on_opened)
        self.suspects.suspect_picked.connect(self._on_suspect)
        self.vote.intent.connect(self.intent)
        self.vote.export_requested.connect(self.export_requested)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.query, QCoreApplication.translate("Neighbours", "Nearest"))
        self.tabs.addTab(self.vote, QCoreApplication.translate("Neighbours", "Vote"))
        self.tabs.addTab(self.suspects, QCoreApplication.translate("Neighbours", "Suspects"))
        self.stage = Stage(theme, self.tabs)
        self.stage.intent.connect(self.intent)
        self._lay_out()

    def show_view(self, view: NeighboursView) -> None:
        self._view = view
        self.stage.show_empty(view.empty)
        self.title.set_text(view.busy or view.title)
        self.outdated.set_text(view.outdated)
        self.layer.show_choices(view.layers, view.layer)
        self.layer.setEnabled(bool(view.layers))
        with QSignalBlocker(self.k):
            self.k.setValue(view.k)
        self.index.set_state(enabled=view.index.enabled, text=view.index.text, tip=view.index.tip)
        self.query.show_view(view)
        self.vote.show_view(view.votes)
        self.suspects.show_view(view.suspects, view.answer, view.selection.image)
        self._ask_for_thumbnails()

    def set_thumbnail(self, path: str, pixels: Pixels) -> None:
        self.query.set_thumbnail(path, pixels)
        self.suspects.set_thumbnail(path, pixels)

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
            self.query.drop.set_lit(True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.query.drop.set_lit(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.query.drop.set_lit(False)
        event.acceptProposedAction()
        self.images_picked.emit(local_files(event.mimeData()))

    def _made_spinner(self) -> QSpinBox:
        spinner = QSpinBox()
        spinner.setRange(1, K_MAX)
        spinner.setKeyboardTracking(False)
        spinner.setAccessibleName(QCoreApplication.translate("Neighbours", "How many neighbours"))
        spinner.setToolTip(spinner.accessibleName())
        spinner.valueChanged.connect(self.k_picked)
        return spinner

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID_PX)
        head.addWidget(self.layer, 0)
        head.addWidget(self.index, 0)
        head.addWidget(self.title, 1)
        head.addWidget(QLabel(QCoreApplication.translate("Neighbours", "k")), 0)
        head.addWidget(self.k, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(head)
        column.addWidget(self.outdated)
        column.addWidget(self.stage, 1)

    def _ask_for_thumbnails(self) -> None:
        missing = tuple(dict.fromkeys((*self.query.missing(), *self.suspects.missing())))
        if missing and missing != self._asked:
            self._asked = missing
            self.thumbnails_wanted.emit(missing)

    def _on_picked(self, path: str) -> None:
        # The class and the layer that are selected elsewhere stay so: an image is all that is picked here.
        self.selection_changed.emit(replace(self._view.selection, image=path))

    def _on_suspect(self, path: str) -> None:
        """It becomes the query: what its neighbours are is the question."""
        self._on_picked(path)
        self._on_opened(path)

    def _on_opened(self, path: str) -> None:
        self.images_picked.emit((path,))

    def _save(self, format_: str) -> None:
        self.export_requested.emit("neighbours", format_)
