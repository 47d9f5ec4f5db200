"""A window of its own: what augmentation does to an image, the folder's colours, and a batch as it will be."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.crop_chooser import CropChooser
from alexnet_studio.studio.panels.principal_colours import PrincipalColours
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.laboratory import LaboratoryView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.column_scroll import ColumnScroll
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.in_a_row import in_a_row
from alexnet_studio.studio.widgets.picture_strip import PictureStrip
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.seen import Seen

_SIZE_PX = (760, 840)
_FORMATS = ("png", "svg", "pdf")


class LaboratoryDialog(QDialog):
    """`intent` is an action of the window; `opened` is told when it appears and when it goes."""

    intent = Signal(str)
    opened = Signal(bool)
    place_picked = Signal(int, int, bool)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Laboratory", "Augmentation laboratory"))
        self.resize(*_SIZE_PX)
        self._view = LaboratoryView()
        Seen(self, self.opened.emit, keeps_minimised=True)
        self.problem = PlainLabel(theme, "quiet")
        self.busy = PlainLabel(theme, "quiet")
        self.crops = PlainLabel(theme, "quiet", delta=-0.5)
        self.chooser = CropChooser(theme)
        self.chooser.place_picked.connect(self.place_picked)
        self.colours_title = PlainLabel(theme, bold=True)
        self.colours_title.set_text(QCoreApplication.translate("Laboratory", "Principal colours"))
        self.colours = PrincipalColours(theme)
        self.batch_title = PlainLabel(theme, bold=True)
        self.batch = PictureStrip(theme, 80)
        self.following = Button(
            theme,
            QCoreApplication.translate("Laboratory", "Next batch"),
            on_click=partial(self.intent.emit, "next_batch"),
        )
        self.save = Button(
            theme,
            QCoreApplication.translate("Laboratory", "Save picture…"),
            on_click=partial(self.export_requested.emit, "laboratory", "png"),
        )
        self.save_batch = Button(
            theme,
            QCoreApplication.translate("Laboratory", "Save batch…"),
            on_click=partial(self.export_requested.emit, "batch", "png"),
        )
        tip = QCoreApplication.translate(
            "Laboratory", "As PNG; a name that ends in .svg or .pdf gives these."
        )
        for button in (self.save, self.save_batch):
            button.setToolTip(tip)
        self._offer_saving()
        self.content = QWidget()
        self._lay_out()
        self.content.hide()

    def show_view(self, view: LaboratoryView) -> None:
        before, self._view = self._view, view
        self.problem.set_text(view.problem)
        self.busy.set_text(view.busy)
        something = view.image is not None or view.colours is not None
        self.content.setVisible(something or bool(view.unreadable or view.why))
        self.save.setEnabled(something)
        self.crops.set_text(view.crops)
        self.chooser.show_view(view)
        self.colours_title.setVisible(bool(view.why))
        self.colours.show_view(view, before)
        self.batch_title.set_text(view.batch_title)
        self.following.setEnabled(view.next_batch)
        for widget in (self.batch, self.following, self.save_batch):
            widget.setVisible(view.batch is not None)
        if view.batch is not None and view.batch is not before.batch:
            self.batch.show_pictures(view.batch.pixels)
            self.batch.setToolTip("\n".join(view.batch.paths))

    def _offer_saving(self) -> None:
        figures: tuple[QWidget, ...] = (
            self.chooser.stage,
            self.chooser.crop,
            self.colours.axes,
            self.colours.cloud,
            self.colours.mean,
            *self.colours.strips,
        )
        for figure in figures:
            FigureActions(figure, _FORMATS, partial(self.export_requested.emit, "laboratory"))
        FigureActions(self.batch, _FORMATS, partial(self.export_requested.emit, "batch"))

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.problem)
        column.addWidget(self.content)
        column.addStretch(1)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        for widget in (self.crops, self.chooser, self.colours_title, self.colours):
            column.addWidget(widget)
        column.addWidget(self.batch_title)
        column.addWidget(self.batch)
        column.addLayout(in_a_row(self.following, self.save_batch))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GRID_PX, GRID_PX, 0, GRID_PX)
        whole.addWidget(ColumnScroll(page))
        foot = in_a_row(self.save, self.busy)
        foot.setContentsMargins(GRID_PX, 0, GRID_PX, 0)
        whole.addLayout(foot)
