"""The Evaluation panel: how often the network is right, class by class, and the images behind every number."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSlider,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from alexnet_studio.studio.panels.class_scores import ClassScores
from alexnet_studio.studio.panels.evaluated_images import EvaluatedImages
from alexnet_studio.studio.panels.ten_views import TenViews
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.evaluation import CalibrationView, EvaluationView
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.column_scroll import ColumnScroll
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.matrix_map import MatrixMap
from alexnet_studio.studio.widgets.moment_bar import MomentBar
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.share_chart import ShareChart
from alexnet_studio.studio.widgets.stage import Stage

_HUNDRED = 100
_RESULTS_PX = 440


class EvaluationPanel(QWidget):
    """`image_picked` asks for the neighbours of a picked image; `cell_picked` carries a class and what it was taken
    for, -1 for any.
    """

    intent = Signal(str)
    selection_changed = Signal(object)
    image_picked = Signal(str)
    thumbnails_wanted = Signal(object)
    export_requested = Signal(str, str)
    source_picked = Signal(str)
    views_picked = Signal(str)
    cell_picked = Signal(int, int)
    threshold_picked = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = EvaluationView()
        self.source = Chooser(QCoreApplication.translate("Evaluation", "Which images"), letters=15)
        self.source.chosen.connect(self.source_picked)
        self.views = Chooser(QCoreApplication.translate("Evaluation", "Which views of an image"), letters=8)
        self.views.chosen.connect(self.views_picked)
        self.evaluate = Button(
            theme,
            QCoreApplication.translate("Evaluation", "Evaluate"),
            on_click=partial(self.intent.emit, "evaluate"),
        )
        self.predict = Button(
            theme,
            QCoreApplication.translate("Evaluation", "Predict a folder…"),
            on_click=partial(self.intent.emit, "predict_folder"),
        )
        self.busy = PlainLabel(theme, "quiet", delta=-0.5)
        self.moment = MomentBar(theme)
        self.moment.now_wanted.connect(partial(self.intent.emit, "show_now"))
        self.title = ElidedLabel(theme, "quiet")
        self.outdated = PlainLabel(theme, "bad", delta=-0.5)
        self.numbers = PlainLabel(theme)
        self.scores = ClassScores(theme)
        self.scores.class_picked.connect(self._on_class_picked)
        self.matrix = MatrixMap(theme)
        self.matrix.setAccessibleName(QCoreApplication.translate("Evaluation", "Confusion matrix"))
        self.matrix.picked.connect(self.cell_picked)
        self.reliability, self.coverage = _charts(theme)
        self.unsure = PlainLabel(theme, "quiet", delta=-0.5)
        self.threshold = QSlider(Qt.Orientation.Horizontal)
        self.threshold.setRange(0, _HUNDRED)
        self.threshold.setAccessibleName(QCoreApplication.translate("Evaluation", "Threshold"))
        self.threshold.valueChanged.connect(self._on_threshold)
        self.ten = TenViews(theme)
        self.ten.intent.connect(self.intent)
        self.images = EvaluatedImages(theme)
        self.images.intent.connect(self.intent)
        self.images.grid.missing_seen.connect(self.thumbnails_wanted)
        self.images.grid.picked.connect(self._on_picked)
        self.tabs = self._made_tabs()
        self.stage = Stage(theme, self._made_content())
        self.stage.intent.connect(self.intent)
        FigureActions(
            self.matrix, ("png", "svg", "pdf", "csv"), partial(self.export_requested.emit, "confusion")
        )
        self._scores_actions = FigureActions(
            self.scores,
            ("csv",),
            partial(self.export_requested.emit, "scores"),
            text=self.scores.table.as_text,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)

    def show_view(self, view: EvaluationView) -> None:
        before, self._view = self._view, view
        self.stage.show_empty(view.empty)
        self.source.show_choices(view.sources, view.source)
        self.views.show_choices(view.views, view.chosen_views)
        self.evaluate.set_state(enabled=view.evaluate.enabled, tip=view.evaluate.tip)
        self.predict.set_state(enabled=view.predict.enabled, tip=view.predict.tip)
        self.busy.set_text(view.busy)
        self.moment.show_text(view.moment)
        self.title.set_text(view.title)
        self.outdated.set_text(view.outdated)
        self.outdated.setVisible(bool(view.outdated))
        self.numbers.set_text("   ".join(_unbroken(f"{name} {value}") for name, value in view.numbers))
        if view.rows is not before.rows:
            self.scores.show_rows(view.rows)
        if view.matrix != before.matrix:
            self.matrix.set_matrix(view.matrix.cells, view.matrix.classes)
        if view.calibration != before.calibration:
            self._show_calibration(view.calibration)
        self.ten.show_view(view.ten)
        self.images.show_view(view.images, view.selection.image)
        self.results.setVisible(bool(view.title))

    def set_thumbnail(self, path: str, pixels: Pixels) -> None:
        self.images.set_thumbnail(path, pixels)

    def copy(self) -> None:
        self._scores_actions.copy()

    def _show_calibration(self, view: CalibrationView) -> None:
        self.reliability.set_bins(view.bins)
        self.coverage.set_curve(view.curve, view.point)
        self.unsure.set_text(" · ".join(text for text in (view.unsure, view.error) if text))
        self.certain.setVisible(bool(view.bins))
        with QSignalBlocker(self.threshold):
            self.threshold.setValue(round(_HUNDRED * view.threshold))

    def _on_picked(self, path: str) -> None:
        self.selection_changed.emit(replace(self._view.selection, image=path))
        self.image_picked.emit(path)

    def _on_class_picked(self, label: int) -> None:
        self.cell_picked.emit(label, -1)

    def _on_threshold(self, percent: int) -> None:
        self.threshold_picked.emit(percent / _HUNDRED)

    def _made_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.addTab(self.scores, QCoreApplication.translate("Evaluation", "Classes"))
        tabs.addTab(self.matrix, QCoreApplication.translate("Evaluation", "Confusion"))
        sure = QWidget()
        self.certain = QWidget()
        charts = QHBoxLayout()
        charts.addWidget(self.reliability)
        charts.addWidget(self.coverage)
        slide = QHBoxLayout()
        slide.addWidget(QLabel(QCoreApplication.translate("Evaluation", "threshold")))
        slide.addWidget(self.threshold, 1)
        column = QVBoxLayout(sure)
        column.setContentsMargins(0, GRID_PX, 0, 0)
        inner = QVBoxLayout(self.certain)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addLayout(charts, 1)
        inner.addLayout(slide)
        column.addWidget(self.certain, 1)
        column.addWidget(self.unsure)
        column.addStretch(0)
        tabs.addTab(sure, QCoreApplication.translate("Evaluation", "Sureness"))
        tabs.addTab(self.ten, QCoreApplication.translate("Evaluation", "Ten views"))
        return tabs

    def _made_content(self) -> QWidget:
        content = QWidget()
        tools = QWidget()
        flow = FlowLayout(GRID_PX, tools)
        for widget in (self.source, self.views, self.evaluate, self.predict, self.busy):
            flow.addWidget(widget)
        self.results = QSplitter(Qt.Orientation.Vertical)
        self.results.setChildrenCollapsible(False)
        # Of the room that there is, not of what it would like; below this the panel scrolls.
        self.results.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self.results.setMinimumHeight(_RESULTS_PX)
        self.results.setHandleWidth(2 * GRID_PX)
        self.results.addWidget(self.tabs)
        self.results.addWidget(self.images)
        self.results.setStretchFactor(0, 1)
        self.results.setStretchFactor(1, 1)
        column = QVBoxLayout(content)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(tools)
        column.addWidget(self.moment)
        for widget in (self.title, self.outdated, self.numbers):
            column.addWidget(widget)
        column.addWidget(self.results, 1)
        column.addStretch(0)
        return ColumnScroll(content)


def _unbroken(text: str) -> str:
    """A line ends between two numbers, not within one."""
    return text.replace(" ", "\u00a0")


def _charts(theme: Theme) -> tuple[ShareChart, ShareChart]:
    right = QCoreApplication.translate("Evaluation", "share that is right")
    return (
        ShareChart(theme, right, QCoreApplication.translate("Evaluation", "how sure it is")),
        ShareChart(theme, right, QCoreApplication.translate("Evaluation", "share that is answered")),
    )
