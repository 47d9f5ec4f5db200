"""A window of its own: what a network of convolutions sees where on a larger image."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QDialog, QDoubleSpinBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.class_map import MapView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.plain_label import PlainLabel

_SIZE_PX = (900, 640)


class ClassMapDialog(QDialog):
    """`zoom_picked` carries another size of the image; `intent` is an action of the window."""

    zoom_picked = Signal(float)
    intent = Signal(str)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("ClassMap", "Map of classes"))
        self.resize(*_SIZE_PX)
        self._view = MapView()
        self.about = PlainLabel(theme, "quiet")
        self.about.set_text(
            QCoreApplication.translate(
                "ClassMap",
                "A network of convolutions answers at each place of a larger image. Colours are the most probable "
                "classes, the stronger the surer.",
            )
        )
        self.choose = Button(
            theme,
            QCoreApplication.translate("ClassMap", "Choose an image…"),
            on_click=partial(self.intent.emit, "map_image"),
        )
        self.zoom = QDoubleSpinBox()
        self.zoom.setRange(1.0, 8.0)
        self.zoom.setSingleStep(0.5)
        self.zoom.setDecimals(1)
        self.zoom.setValue(2.0)
        self.zoom.setKeyboardTracking(False)
        self.zoom.setAccessibleName(
            QCoreApplication.translate("ClassMap", "How many times larger than usual")
        )
        self.zoom.valueChanged.connect(self.zoom_picked)
        self.busy = PlainLabel(theme, "quiet")
        self.problem = PlainLabel(theme, "bad")
        self.picture = _Picture()
        FigureActions(self.picture, ("png", "svg", "pdf"), partial(self.export_requested.emit, "map"))
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.choose)
        row.addWidget(QLabel(QCoreApplication.translate("ClassMap", "size of the image, times the usual")))
        row.addWidget(self.zoom)
        row.addWidget(self.busy, 1)
        row.addStretch(0)
        column = QVBoxLayout(self)
        column.setSpacing(GRID_PX)
        column.addWidget(self.about)
        column.addLayout(row)
        column.addWidget(self.problem)
        column.addWidget(self.picture, 1)

    def show_view(self, view: MapView) -> None:
        before, self._view = self._view, view
        self.busy.set_text(view.busy)
        self.problem.set_text(view.problem)
        self.choose.setEnabled(view.ready)
        if view.picture is not before.picture:
            self.picture.show_png(view.picture)
            self.picture.setAccessibleName(view.title)


class _Picture(QWidget):
    """As large as fits, in its own proportions."""

    def __init__(self) -> None:
        super().__init__()
        self._pixmap = QPixmap()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_png(self, content: bytes) -> None:
        self._pixmap = QPixmap()
        self._pixmap.loadFromData(content)
        self.update()

    def pixmap(self) -> QPixmap:
        return self._pixmap

    def sizeHint(self) -> QSize:
        return QSize(640, 400)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._pixmap.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter.drawPixmap(0, 0, size.width(), size.height(), self._pixmap)
