"""The classes of a map with their shapes and colours; a tick says whether one is drawn."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.point_raster import colour_of, shape

_ICON_PX = 11


class ClassLegend(QListWidget):
    """`hidden_changed` carries the numbers of the classes from which a person took the tick."""

    hidden_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._classes: tuple[tuple[str, int], ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setSpacing(1)
        self.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(self._on_changed)
        theme.changed.connect(self._paint_icons)

    def show_classes(self, classes: tuple[tuple[str, int], ...], hidden: frozenset[int]) -> None:
        """(name, how many images), with a tick but for those that are hidden."""
        self.blockSignals(True)
        if classes != self._classes:
            self._classes = classes
            self._fill(classes)
        for row in range(self.count()):
            self._tick(row, drawn=row not in hidden)
        self.blockSignals(False)
        self.viewport().update()

    def set_all(self, *, drawn: bool) -> None:
        self.blockSignals(True)
        for row in range(self.count()):
            self._tick(row, drawn=drawn)
        self.blockSignals(False)
        self.viewport().update()
        self._on_changed()

    def hidden(self) -> frozenset[int]:
        off = Qt.CheckState.Unchecked
        return frozenset(row for row in range(self.count()) if self.item(row).checkState() is off)

    def _fill(self, classes: tuple[tuple[str, int], ...]) -> None:
        self.clear()
        for name, count in classes:
            item = QListWidgetItem(name)
            item.setToolTip(plain_tip(f"{name} · {count}"))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.addItem(item)
        self._draw_icons()

    def _tick(self, row: int, *, drawn: bool) -> None:
        wanted = Qt.CheckState.Checked if drawn else Qt.CheckState.Unchecked
        if self.item(row).checkState() is not wanted:
            self.item(row).setCheckState(wanted)

    def _on_changed(self) -> None:
        self.hidden_changed.emit(self.hidden())

    def _paint_icons(self) -> None:
        self.blockSignals(True)
        self._draw_icons()
        self.blockSignals(False)

    def _draw_icons(self) -> None:
        for row in range(self.count()):
            self.item(row).setIcon(_icon(self._theme, row))


def _icon(theme: Theme, label: int) -> QIcon:
    mask = shape(label, _ICON_PX)
    image = QImage(_ICON_PX, _ICON_PX, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    colour = colour_of(theme, label)
    for y, x in zip(*mask.nonzero(), strict=True):
        image.setPixelColor(int(x), int(y), colour)
    return QIcon(QPixmap.fromImage(image))
