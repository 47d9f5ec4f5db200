"""A window of its own: what augmentation does to an image, the folder's colours, and a batch as it will be."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views import LaboratoryView
from alexnet_studio.studio.widgets.bars import Bar, Bars
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.colour_cloud import ColourCloud
from alexnet_studio.studio.widgets.crop_stage import CropStage
from alexnet_studio.studio.widgets.in_a_row import in_a_row
from alexnet_studio.studio.widgets.picture_strip import PictureStrip
from alexnet_studio.studio.widgets.plain_label import PlainLabel

_SIZE_PX = (980, 760)
_ALPHAS = ("−3", "−2", "−1", "0", "1", "2", "3")


class LaboratoryDialog(QDialog):
    """`intent` is an action of the window."""

    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Laboratory", "Augmentation laboratory"))
        self.resize(*_SIZE_PX)
        self._view = LaboratoryView()
        self.problem = PlainLabel(theme, "quiet")
        self.busy = PlainLabel(theme, "quiet")
        self.look = Button(
            theme,
            QCoreApplication.translate("Laboratory", "Look at the selected image"),
            on_click=partial(self.intent.emit, "look_at_image"),
        )
        self.stage = CropStage(theme)
        self.stage.setAccessibleName(QCoreApplication.translate("Laboratory", "Where the square is cut"))
        self.stage.moved.connect(self._show_crop)
        self.crop = PictureStrip(theme, 160)
        self.mean = PictureStrip(theme, 80)
        self.mean_text = PlainLabel(theme, "quiet", delta=-0.5)
        self.mean_text.set_text(QCoreApplication.translate("Laboratory", "the folder’s mean image"))
        self.place = PlainLabel(theme, "quiet", delta=-0.5)
        self.mirrored = QCheckBox(QCoreApplication.translate("Laboratory", "mirrored"))
        self.mirrored.toggled.connect(self._on_mirrored)
        self.ten = QCheckBox(QCoreApplication.translate("Laboratory", "the ten test views"))
        self.ten.setToolTip(
            QCoreApplication.translate(
                "Laboratory", "Corners and centre, each as it is and mirrored; their answers are averaged."
            )
        )
        self.ten.toggled.connect(self.stage.show_ten)
        self.crops = PlainLabel(theme, "quiet", delta=-0.5)
        self.axes = Bars(theme)
        self.cloud = ColourCloud(theme)
        self.why = PlainLabel(theme, "quiet", delta=-0.5)
        self.axis = Chooser(QCoreApplication.translate("Laboratory", "Axis"), letters=7)
        self.axis.chosen.connect(self._show_strip)
        self.strip = PictureStrip(theme, 96)
        self.strip_text = PlainLabel(theme, "quiet", delta=-0.5)
        self.batch_title = PlainLabel(theme, bold=True)
        self.batch = PictureStrip(theme, 104)
        self.following = Button(
            theme,
            QCoreApplication.translate("Laboratory", "Next batch"),
            on_click=partial(self.intent.emit, "next_batch"),
        )
        self.content = QWidget()
        self._lay_out(theme)
        self.content.hide()

    def show_view(self, view: LaboratoryView) -> None:
        before, self._view = self._view, view
        self.problem.set_text(view.problem)
        self.content.setVisible(view.image is not None)
        self.busy.set_text(view.busy)
        self.look.setEnabled(view.ready)
        self.following.setEnabled(view.ready and view.batch is not None)
        self.crops.set_text(view.crops)
        if view.image is not None and view.image is not before.image:
            self.stage.show_image(view.image.pixels, view.image.size, view.image.five)
            self._show_crop()
        self._show_colours(view, before)
        self.batch_title.set_text(view.batch_title)
        if view.batch is not None and view.batch is not before.batch:
            self.batch.show_pictures(view.batch.pixels)
            self.batch.setToolTip("\n".join(view.batch.paths))

    def _show_colours(self, view: LaboratoryView, before: LaboratoryView) -> None:
        self.why.set_text(view.why)
        self.strip_text.set_text(view.strip)
        if view.colours is None or view.colours is before.colours:
            return
        self.axes.set_bars(tuple(Bar(axis.name, axis.share, axis.text) for axis in view.axes))
        first, second = view.colours.deviations
        self.cloud.show_cloud(view.colours.plane, view.colours.cloud, (first, second))
        self.mean.show_pictures(view.colours.mean[None])
        names = tuple((str(number), axis.name) for number, axis in enumerate(view.axes))
        self.axis.show_choices(names, "0")
        self._show_strip("0")

    def _show_strip(self, axis: str) -> None:
        if self._view.colours is not None:
            self.strip.show_pictures(self._view.colours.strips[int(axis)], _ALPHAS)

    def _show_crop(self) -> None:
        self.crop.show_pictures(self.stage.crop()[None])
        text = QCoreApplication.translate("Laboratory", "place {down} down, {across} across, of {places}")
        top, left = self.stage.at
        self.place.set_text(text.format(down=top + 1, across=left + 1, places=self.stage.slack() + 1))

    def _on_mirrored(self, mirrored: bool) -> None:
        self.stage.mirrored = mirrored
        if self._view.image is not None:
            self._show_crop()

    def _lay_out(self, theme: Theme) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addLayout(in_a_row(self.look, self.busy))
        column.addWidget(self.problem)
        column.addWidget(self.content)
        column.addStretch(1)
        column = QVBoxLayout(self.content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addWidget(self.crops)
        top = QHBoxLayout()
        top.setSpacing(3 * GRID_PX)
        top.addWidget(self.stage, 0, Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.addWidget(self.crop)
        for widget in (self.place, self.mirrored, self.ten):
            side.addWidget(widget)
        side.addWidget(self.mean)
        side.addWidget(self.mean_text)
        side.addStretch(1)
        top.addLayout(side, 1)
        colours = QVBoxLayout()
        colours.addWidget(self.axes)
        colours.addWidget(self.cloud)
        colours.addWidget(self.why)
        colours.addStretch(1)
        top.addLayout(colours, 2)
        column.addLayout(top)
        column.addLayout(
            in_a_row(_heading(theme, QCoreApplication.translate("Laboratory", "Colour noise")), self.axis)
        )
        column.addWidget(self.strip)
        column.addWidget(self.strip_text)
        column.addWidget(self.batch_title)
        column.addWidget(self.batch)
        column.addLayout(in_a_row(self.following))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GRID_PX, GRID_PX, 0, GRID_PX)
        whole.addWidget(area)


def _heading(theme: Theme, text: str) -> QLabel:
    label = PlainLabel(theme, bold=True)
    label.set_text(text)
    label.setWordWrap(False)
    return label
