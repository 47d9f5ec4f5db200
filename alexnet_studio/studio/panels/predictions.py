"""A window of its own: what a network takes new images for, and what can be done with them by that."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QSlider,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from alexnet_studio.studio.panels.image_drop import local_files
from alexnet_studio.studio.panels.predicted_image import PredictedImage
from alexnet_studio.studio.panels.predictions_foot import PredictionsFoot
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.views.predictions import PredictionsView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.column_scroll import ColumnScroll
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.image_grid import ImageGrid
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.share_chart import ShareChart
from alexnet_studio.studio.widgets.stage import Stage

_SIZE_PX = (1040, 720)
_SIDE_PX = 112
_DETAIL_PX = 260
_CHART_PX = 190
_HUNDRED = 100


class PredictionsDialog(QDialog):
    """`intent` is an action of the window; `images_dropped` carries paths, `closed` is told when it is put away."""

    intent = Signal(str)
    closed = Signal()
    images_dropped = Signal(object)
    selection_changed = Signal(object)
    thumbnails_wanted = Signal(object)
    threshold_picked = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Predictions", "Predictions"))
        self.resize(*_SIZE_PX)
        self.setAcceptDrops(True)
        self._theme = theme
        self._view = PredictionsView()
        self.title = ElidedLabel(theme, "quiet")
        self.views = Chooser(QCoreApplication.translate("Evaluation", "Which views of an image"), letters=9)
        self.another = Button(
            theme,
            QCoreApplication.translate("Predictions", "Another folder…"),
            on_click=partial(self.intent.emit, "choose_predicted"),
        )
        self.piles = Chooser(QCoreApplication.translate("Predictions", "Images that are listed"), letters=18)
        self.classes = Chooser(QCoreApplication.translate("Predictions", "Class"), letters=18)
        self.orders = Chooser(QCoreApplication.translate("Predictions", "Order"), letters=14)
        self.threshold = QSlider(Qt.Orientation.Horizontal)
        self.threshold.setRange(0, _HUNDRED)
        self.threshold.setAccessibleName(QCoreApplication.translate("Predictions", "Threshold"))
        self.threshold.valueChanged.connect(self._on_threshold)
        self.sure = PlainLabel(theme)
        self.expected = PlainLabel(theme, "quiet", delta=-0.5)
        self.grid = ImageGrid(theme, _SIDE_PX)
        self.grid.setAccessibleName(QCoreApplication.translate("Predictions", "Images"))
        self.grid.missing_seen.connect(self.thumbnails_wanted)
        self.grid.picked.connect(self._on_picked)
        self.picked = PredictedImage(theme)
        self.chart = ShareChart(
            theme,
            QCoreApplication.translate("Predictions", "share of validation images that is right"),
            QCoreApplication.translate("Predictions", "share that is sure enough"),
        )
        self.foot = PredictionsFoot(theme)
        self.foot.intent.connect(self.intent)
        self.stage = Stage(theme, self._made_content())
        self.stage.intent.connect(self.intent)
        column = QVBoxLayout(self)
        column.setSpacing(GRID_PX)
        column.addWidget(self.stage, 1)
        column.addWidget(self.foot)
        self.grid.setFocus()
        self.show_view(PredictionsView())

    def show_view(self, view: PredictionsView) -> None:
        before, self._view = self._view, view
        self.stage.show_empty(view.empty)
        self.title.set_text(view.title)
        self.views.show_choices(view.views, view.chosen_views)
        self.piles.show_choices(view.piles, view.pile)
        self.classes.show_choices(view.classes, view.class_name)
        self.orders.show_choices(view.orders, view.order)
        with QSignalBlocker(self.threshold):
            self.threshold.setValue(round(_HUNDRED * view.threshold))
        self.sure.set_text(view.sure)
        self.expected.set_text(view.expected)
        if view.version != before.version:
            self.grid.set_keys(view.images, view.captions)
        self.grid.set_current(view.selection.image)
        self.picked.show_view(view.picked)
        self.chart.set_curve(view.curve, view.point)
        self.chart.setVisible(bool(view.curve))
        self.foot.show_view(view)

    @property
    def calls(self) -> int:
        """How often it was to come before the person, as it knows."""
        return self._view.calls

    def set_thumbnail(self, path: str, pixels: Pixels) -> None:
        self.grid.set_pixels(path, pixels)
        self.picked.set_thumbnail(path, pixels)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.images_dropped.emit(tuple(map(Path, local_files(event.mimeData()))))

    def _on_picked(self, path: str) -> None:
        self.selection_changed.emit(replace(self._view.selection, image=path))

    def _on_threshold(self, percent: int) -> None:
        self.threshold_picked.emit(percent / _HUNDRED)

    def _made_content(self) -> QWidget:
        content = QWidget()
        top = QHBoxLayout()
        top.setSpacing(GRID_PX)
        top.addWidget(self.title, 1)
        top.addWidget(self.views)
        top.addWidget(self.another)
        tools = QWidget()
        flow = FlowLayout(GRID_PX, tools)
        for chooser in (self.piles, self.classes, self.orders):
            flow.addWidget(chooser)
        slide = QHBoxLayout()
        slide.setSpacing(GRID_PX)
        slide.addWidget(QLabel(QCoreApplication.translate("Predictions", "threshold")))
        slide.addWidget(self.threshold, 1)
        detail = QWidget()
        beside = QVBoxLayout(detail)
        beside.setContentsMargins(GRID_PX, 0, GRID_PX, 0)
        beside.addWidget(self.picked)
        beside.addStretch(1)
        beside.addWidget(self.chart)
        self.chart.setFixedHeight(_CHART_PX)
        scroll = ColumnScroll(detail)
        scroll.setMinimumWidth(_DETAIL_PX)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(2 * GRID_PX)
        parts.addWidget(self.grid)
        parts.addWidget(scroll)
        parts.setStretchFactor(0, 1)
        parts.setSizes([_SIZE_PX[0] - 320, 320])
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(tools)
        column.addLayout(slide)
        column.addWidget(self.sure)
        column.addWidget(self.expected)
        column.addWidget(parts, 1)
        return content
