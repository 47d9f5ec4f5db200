"""The principal colours of a folder: swatches of each axis, the cloud of its pixels, and what noise along them does."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.laboratory import LaboratoryView
from alexnet_studio.studio.widgets.colour_cloud import ColourCloud
from alexnet_studio.studio.widgets.picture_strip import PictureStrip
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.swatches import Swatch, Swatches

ALPHAS = ("−3", "−2", "−1", "0", "1", "2", "3")
_MEAN_PX = 96
_STRIP_PX = 80
_AXES = 3


class PrincipalColours(QWidget):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.axes = Swatches(theme)
        self.cloud = ColourCloud(theme)
        self.cloud.setAccessibleName(
            QCoreApplication.translate("Laboratory", "Pixels along the first two axes")
        )
        self.cloud.setToolTip(self.cloud.accessibleName())
        self.mean = PictureStrip(theme, _MEAN_PX)
        self.mean_text = PlainLabel(theme, "quiet", delta=-0.5)
        self.why = PlainLabel(theme, "quiet", delta=-0.5)
        self.strip_title = PlainLabel(theme, bold=True)
        self.strip_text = PlainLabel(theme, "quiet", delta=-0.5)
        self.strip_names = [PlainLabel(theme, "quiet", delta=-0.5) for _ in range(_AXES)]
        self.strips = [PictureStrip(theme, _STRIP_PX) for _ in range(_AXES)]
        self._lay_out()

    def show_view(self, view: LaboratoryView, before: LaboratoryView) -> None:
        self.why.set_text(view.why)
        for widget in (self.axes, self.cloud, self.mean, self.mean_text):
            widget.setVisible(view.colours is not None)
        if view.colours is not None and view.colours is not before.colours:
            self.axes.show_rows(
                tuple(
                    Swatch(axis.name, axis.text, axis.share, axis.direction, axis.swatches)
                    for axis in view.axes
                    if axis.swatches is not None
                )
            )
            self.cloud.show_cloud(view.colours.plane, view.colours.cloud, view.colours.deviations)
            self.mean.show_pictures(view.colours.mean[None])
            self.mean_text.set_text(QCoreApplication.translate("Laboratory", "the folder’s mean image"))
        self._show_strips(view, before)

    def _show_strips(self, view: LaboratoryView, before: LaboratoryView) -> None:
        self.strip_text.set_text(view.strip)
        title = QCoreApplication.translate("Laboratory", "Colour noise")
        self.strip_title.set_text(title if view.strips is not None else "")
        if view.strips is before.strips:
            return
        count = 0 if view.strips is None else len(view.strips)
        for number, (name, strip) in enumerate(zip(self.strip_names, self.strips, strict=True)):
            name.set_text(view.axes[number].name if number < count else "")
            strip.setVisible(number < count)
            if view.strips is not None and number < count:
                strip.show_pictures(view.strips[number], ALPHAS)

    def _lay_out(self) -> None:
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.mean)
        middle.addWidget(self.mean_text)
        middle.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(3 * GRID_PX)
        row.addWidget(self.axes, 5, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.cloud, 4, Qt.AlignmentFlag.AlignTop)
        row.addLayout(middle, 2)
        strips = QGridLayout()
        strips.setHorizontalSpacing(GRID_PX)
        strips.setColumnStretch(1, 1)
        for number, (name, strip) in enumerate(zip(self.strip_names, self.strips, strict=True)):
            name.setWordWrap(False)
            strips.addWidget(name, number, 0, Qt.AlignmentFlag.AlignTop)
            strips.addWidget(strip, number, 1)
            strip.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(row)
        column.addWidget(self.why)
        column.addWidget(self.strip_title)
        column.addLayout(strips)
        column.addWidget(self.strip_text)
