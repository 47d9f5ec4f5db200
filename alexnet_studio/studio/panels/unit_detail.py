"""One unit: its kernel and its numbers, its strongest patches, and its map through two poolings."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.layers import PooledView, UnitView
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.field_picture import FieldPicture
from alexnet_studio.studio.widgets.picture_strip import PictureStrip
from alexnet_studio.studio.widgets.plain_label import PlainLabel

_KERNEL_PX, _PATCH_PX, _POOLED_PX = 96, 52, 112


class UnitDetail(QWidget):
    """`head` is its title, numbers and kernel, to be put beside the image."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = ElidedLabel(theme, bold=True)
        self.facts = PlainLabel(theme, "quiet", delta=-0.5)
        self.kernel = FieldPicture(theme, _KERNEL_PX)
        self.head = QWidget()
        head = QVBoxLayout(self.head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(GRID_PX // 2)
        head.addWidget(self.title)
        head.addWidget(self.facts)
        head.addWidget(self.kernel)
        self.remark = PlainLabel(theme, "quiet", delta=-0.5)
        self.patches = PictureStrip(theme, _PATCH_PX)
        self.pooled_title = PlainLabel(theme, "quiet", delta=-0.5)
        self.pooled = PictureStrip(theme, _POOLED_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        for widget in (self.remark, self.patches, self.pooled_title, self.pooled):
            column.addWidget(widget)

    def show_view(self, unit: UnitView | None, pooled: PooledView | None) -> None:
        self.setVisible(unit is not None)
        self.head.setVisible(unit is not None)
        if unit is None:
            return
        self.title.set_text(unit.title)
        self.facts.set_text("\n".join(unit.facts))
        self.kernel.show_picture(unit.kernel)
        self.remark.set_text(unit.remark)
        self.patches.setVisible(unit.patches is not None)
        if unit.patches is not None:
            self.patches.show_pictures(unit.patches, unit.captions)
        self.pooled_title.set_text("" if pooled is None else pooled.title)
        self.pooled.setVisible(pooled is not None)
        if pooled is not None:
            self.pooled.show_pictures(pooled.pictures, pooled.captions)
