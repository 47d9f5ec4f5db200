"""One image with its crops: the square is dragged or moved by sliders, and what is cut out is shown beside it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QSlider, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.laboratory import LaboratoryView
from alexnet_studio.studio.widgets.crop_stage import CropStage
from alexnet_studio.studio.widgets.picture_strip import PictureStrip
from alexnet_studio.studio.widgets.plain_label import PlainLabel

_CROP_PX = (128, 256)  # on the screen: enlarged or reduced by a whole number outside of these


class CropChooser(QWidget):
    """`place_picked` carries top, left and whether it is mirrored."""

    place_picked = Signal(int, int, bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = LaboratoryView()
        self.unreadable = PlainLabel(theme, "bad")
        self.stage = CropStage(theme)
        self.stage.setAccessibleName(QCoreApplication.translate("Laboratory", "Where the square is cut"))
        self.stage.moved.connect(self._announce)
        self.across = _slider(QCoreApplication.translate("Laboratory", "Place from left to right"))
        self.down = _slider(QCoreApplication.translate("Laboratory", "Place from top to bottom"))
        self.across_text = PlainLabel(theme, "quiet", delta=-0.5)
        self.down_text = PlainLabel(theme, "quiet", delta=-0.5)
        for slider in (self.across, self.down):
            slider.valueChanged.connect(self._on_slid)
        self.crop = PictureStrip(theme, _CROP_PX[1])
        self.crop.setAccessibleName(QCoreApplication.translate("Laboratory", "The crop"))
        self.size_text = PlainLabel(theme, "quiet", delta=-0.5)
        self.number = PlainLabel(theme)
        self.mirrored = QCheckBox(QCoreApplication.translate("Laboratory", "mirrored"))
        self.mirrored.toggled.connect(self._announce)
        self.ten = QCheckBox(QCoreApplication.translate("Laboratory", "the ten test views"))
        self.ten.setToolTip(
            QCoreApplication.translate(
                "Laboratory", "Corners and centre, each as it is and mirrored; their answers are averaged."
            )
        )
        self.ten.toggled.connect(self.stage.show_ten)
        self._lay_out()

    def show_view(self, view: LaboratoryView) -> None:
        before, self._view = self._view, view
        self.unreadable.set_text(view.unreadable)
        self._shown.setVisible(view.image is not None)
        if view.image is None or view.crop is None:
            return
        if view.image is not before.image:
            self.stage.show_image(view.image.pixels, view.image.size, view.image.five)
            for slider in (self.across, self.down):
                with QSignalBlocker(slider):
                    slider.setRange(0, view.image.last)
                slider.setEnabled(view.image.last > 0)
        elif (view.place, view.mirrored) == (before.place, before.mirrored):
            return
        if not self.stage.is_moving():
            self.stage.set_place(*view.place)
            self._follow_stage()
        with QSignalBlocker(self.mirrored):
            self.mirrored.setChecked(view.mirrored)
        self.crop.set_side(_shown_px(view.image.size))
        self.crop.show_pictures(view.crop[None])
        self.size_text.set_text(view.size)
        self.number.set_text(view.number)
        self.across_text.set_text(view.across)
        self.down_text.set_text(view.down)

    def _on_slid(self) -> None:
        self.stage.move_to(self.down.value(), self.across.value())

    def _announce(self) -> None:
        self._follow_stage()
        if self._view.image is not None:
            self.place_picked.emit(*self.stage.at, self.mirrored.isChecked())

    def _follow_stage(self) -> None:
        for slider, value in zip((self.down, self.across), self.stage.at, strict=True):
            with QSignalBlocker(slider):
                slider.setValue(value)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(GRID_PX // 2)
        left.addWidget(self.stage)
        for slider, text in ((self.across, self.across_text), (self.down, self.down_text)):
            row = QHBoxLayout()
            row.setSpacing(GRID_PX)
            slider.setFixedWidth(self.stage.sizeHint().width() // 2)
            row.addWidget(slider)
            row.addWidget(text, 1)
            left.addLayout(row)
        right = QVBoxLayout()
        right.setSpacing(GRID_PX // 2)
        for widget in (self.crop, self.size_text, self.number, self.mirrored, self.ten):
            right.addWidget(widget)
        right.addStretch(1)
        self._shown = QWidget()
        row = QHBoxLayout(self._shown)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(3 * GRID_PX)
        row.addLayout(left)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.unreadable)
        column.addWidget(self._shown)


def _slider(name: str) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setAccessibleName(name)
    slider.setPageStep(4)
    return slider


def _shown_px(size: int) -> int:
    """Pixel for pixel where that is neither tiny nor larger than the room."""
    least, most = _CROP_PX
    return size * -(-least // size) if size < least else -(-size // -(-size // most))
