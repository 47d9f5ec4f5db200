"""A predicted image: its picture, its five bars, and what each of the ten views was taken for."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.views.predictions import PredictedView
from alexnet_studio.studio.widgets.bars import Bar, Bars
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.picture_row import Picture, PictureRow
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.table import Table
from alexnet_studio.studio.widgets.table_rows import Column, Row

_PICTURE_PX = 128
_TABLE_PX = 600  # more than ten rows take


class PredictedImage(QWidget):
    """`neighbours_requested` carries the image's path."""

    neighbours_requested = Signal(str)
    thumbnails_wanted = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = ""
        self.hint = PlainLabel(theme, "quiet")
        self.hint.set_text(
            QCoreApplication.translate(
                "Predictions", "Select an image to see its five most probable classes."
            )
        )
        self.picture = PictureRow(theme, _PICTURE_PX)
        self.picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.name = ElidedLabel(theme, bold=True)
        self.verdict = PlainLabel(theme, "quiet")
        self.error = PlainLabel(theme, "bad")
        self.bars = Bars(theme)
        self.alone = Table(theme, _columns())
        self.alone.setAccessibleName(QCoreApplication.translate("Predictions", "The ten views"))
        self.alone.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.neighbours = Button(
            theme,
            QCoreApplication.translate("Predictions", "Show its neighbours"),
            on_click=lambda: self.neighbours_requested.emit(self._path),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        for widget in (self.hint, self.picture, self.name, self.verdict, self.error, self.bars, self.alone):
            column.addWidget(widget)
        column.addWidget(self.neighbours, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_parts(PredictedView())

    def show_view(self, view: PredictedView) -> None:
        if view.path != self._path:
            self._path = view.path
            self.picture.set_pictures((Picture(view.path),) if view.path else ())
            if view.path:
                self.thumbnails_wanted.emit((view.path,))
        self.name.set_text(view.name)
        self.name.set_tip(view.path)
        self.verdict.set_text(view.verdict)
        self.error.set_text(view.error)
        self.bars.set_bars(tuple(Bar(bar.name, bar.share, bar.text) for bar in view.bars))
        if view.alone:
            self.alone.set_rows([Row(cells) for cells in view.alone])
            self.alone.limit_height(_TABLE_PX)
            self.alone.setMinimumHeight(self.alone.maximumHeight())  # all ten: what is beside it scrolls
        self._show_parts(view)

    def set_thumbnail(self, path: str, pixels: Pixels) -> None:
        self.picture.set_pixels(path, pixels)

    def _show_parts(self, view: PredictedView) -> None:
        there = bool(view.path)
        self.hint.setVisible(not there)
        self.picture.setVisible(there and not view.error)
        self.name.setVisible(there)
        self.bars.setVisible(bool(view.bars))
        self.alone.setVisible(bool(view.alone))
        self.neighbours.setVisible(bool(view.bars))


def _columns() -> tuple[Column, ...]:
    return (
        Column(QCoreApplication.translate("Predictions", "view")),
        Column(QCoreApplication.translate("Predictions", "taken for"), shared=True),
        Column("", numeric=True),
    )
