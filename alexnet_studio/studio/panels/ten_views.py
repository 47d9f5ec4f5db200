"""The ten views of an image, each with what it alone was taken for, beside the averaged answer."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.evaluation import TenView, ViewTile
from alexnet_studio.studio.widgets.bars import Bar, Bars
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.mark import mark_of
from alexnet_studio.studio.widgets.picture_row import Picture, PictureRow
from alexnet_studio.studio.widgets.plain_label import PlainLabel


class TenViews(QScrollArea):
    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = PlainLabel(theme, "quiet")
        self.look = Button(theme, on_click=partial(self.intent.emit, "ten_views"))
        self.bars = Bars(theme)
        self.rows = tuple(PictureRow(theme, 80) for _ in range(2))  # as they are, and mirrored
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, GRID_PX, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.text)
        column.addWidget(self.look, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.bars)
        for row in self.rows:
            column.addWidget(row)
        column.addStretch(1)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidget(content)
        self._view = TenView()

    def show_view(self, view: TenView) -> None:
        before, self._view = self._view, view
        self.text.set_text(view.text)
        self.look.set_state(enabled=view.look.enabled, text=view.look.text, tip=view.look.tip)
        self.bars.set_bars(tuple(Bar(b.name, b.share, b.text, b.right) for b in view.bars))
        if view.tiles != before.tiles or view.text != before.text:
            half = len(view.tiles) // 2
            for row, tiles in zip(self.rows, (view.tiles[:half], view.tiles[half:]), strict=True):
                row.set_pictures(())  # the pictures of another image have the same names
                row.set_pictures(tuple(_picture(tile) for tile in tiles))


def _picture(tile: ViewTile) -> Picture:
    return Picture(tile.caption, tile.caption, tile.answer, mark_of(tile.agrees), pixels=tile.pixels)
