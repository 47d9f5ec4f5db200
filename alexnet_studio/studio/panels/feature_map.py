"""The Map panel: every indexed image as a point of the plane, by PCA or t-SNE."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.feature_map import FeatureMapView, Mistakes, PointsView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.class_legend import ClassLegend
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.point_map import PointMap
from alexnet_studio.studio.widgets.seen import Seen
from alexnet_studio.studio.widgets.stage import Stage

_WIDE_PX = 420  # from here on the classes stand beside the map
_LEGEND_PX, _LEGEND_HIGH_PX = 168, 100


class FeatureMapPanel(QWidget):
    """`opened` tells whether it is seen: only then anything is drawn. `image_picked` asks for an image's neighbours."""

    intent = Signal(str)
    selection_changed = Signal(object)
    image_picked = Signal(str)
    method_picked = Signal(str)
    classes_hidden = Signal(object)
    mistakes_picked = Signal(bool)
    export_requested = Signal(str, str)
    opened = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = FeatureMapView()
        self._points = PointsView()
        self._mistakes: tuple[Mistakes | None, bool] = (None, False)
        self._numbers: dict[str, int] = {}
        Seen(self, self.opened.emit)
        self._classes_told: tuple[tuple[str, int], ...] = ()
        self.title = ElidedLabel(theme, "quiet")
        self.method = Chooser(QCoreApplication.translate("FeatureMap", "How the map is drawn"), 6)
        self.method.chosen.connect(self.method_picked)
        self.whole = Button(
            theme, QCoreApplication.translate("FeatureMap", "All in view"), on_click=lambda: self.map.fit()
        )
        self.mistakes = Button(theme, on_click=lambda: self.mistakes_picked.emit(self.mistakes.isChecked()))
        self.mistakes.setCheckable(True)
        self.outdated = PlainLabel(theme, "bad", delta=-0.5)
        self.mend = Button(theme, on_click=lambda: self.intent.emit(self._view.mend_intent))
        self.map = PointMap(theme)
        self.map.setAccessibleName(QCoreApplication.translate("FeatureMap", "Map of the indexed images"))
        self.map.picked.connect(self._on_picked)
        self.map.hovered.connect(self._on_hovered)
        self._actions = FigureActions(self.map, ("png", "svg", "pdf"), self._save)
        self.legend = ClassLegend(theme)
        self.legend.setAccessibleName(QCoreApplication.translate("FeatureMap", "Classes on the map"))
        self.legend.hidden_changed.connect(self.classes_hidden)
        self.every = Button(
            theme,
            QCoreApplication.translate("FeatureMap", "All"),
            on_click=lambda: self.legend.set_all(drawn=True),
        )
        self.none = Button(
            theme,
            QCoreApplication.translate("FeatureMap", "None"),
            on_click=lambda: self.legend.set_all(drawn=False),
        )
        self.readout = ElidedLabel(theme, "quiet", delta=-0.5)
        self.stage = Stage(theme, self._made_content())
        self.stage.intent.connect(self.intent)
        self._lay_out()

    def show_view(self, view: FeatureMapView) -> None:
        self._view = view
        self.title.set_text(view.title)
        self.method.show_choices(view.methods, view.method)
        self.method.setEnabled(bool(view.methods))
        self.whole.setEnabled(view.empty is None)
        self.outdated.set_text(view.outdated)
        self.mend.set_state(enabled=view.mend.enabled, text=view.mend.text, tip=view.mend.tip)
        for widget in (self.outdated, self.mend):
            widget.setVisible(bool(view.outdated))
        self.mistakes.set_state(enabled=view.switch.enabled, text=view.switch.text, tip=view.switch.tip)
        self.mistakes.setChecked(view.only)
        self.stage.show_empty(view.empty)
        if view.empty is None and view.points != self._points:
            self._show_points(view.points)
        self._show_classes(view)
        if self._mistakes != (view.mistakes, view.only):
            self._mistakes = (view.mistakes, view.only)
            self.map.set_mistaken(None if view.mistakes is None else view.mistakes.mistaken, only=view.only)
        selected = self._numbers.get(view.selection.image or "")
        near = (self._numbers.get(path) for path in view.near)
        self.map.set_marked(selected, tuple(point for point in near if point is not None))

    def copy(self) -> None:
        self._actions.copy()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _show_points(self, points: PointsView) -> None:
        self._points = points
        self._mistakes = (None, False)  # those of other points
        self._numbers = {path: number for number, path in enumerate(points.paths)}
        self.map.set_points(points.places, points.labels, points.pictures, points.rows)
        counts = np.bincount(points.labels, minlength=len(points.classes)).tolist()
        self._classes_told = tuple(zip(points.classes, counts, strict=True))
        self.readout.set_text("")

    def _show_classes(self, view: FeatureMapView) -> None:
        self.legend.show_classes(self._classes_told, view.hidden)
        self.map.set_hidden(view.hidden)

    def _made_content(self) -> QWidget:
        content = QWidget()
        switches = QHBoxLayout()
        switches.setSpacing(GRID_PX // 2)
        switches.addWidget(self.every)
        switches.addWidget(self.none)
        switches.addStretch(1)
        self._classes = QWidget()
        column = QVBoxLayout(self._classes)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self.legend, 1)
        column.addLayout(switches)
        self._turned = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._turned.setSpacing(GRID_PX)
        self._turned.addWidget(self.map, 1)
        self._turned.addWidget(self._classes)
        whole = QVBoxLayout(content)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(GRID_PX // 2)
        whole.addLayout(self._turned, 1)
        whole.addWidget(self.readout)
        return content

    def _lay_out(self) -> None:
        tools = FlowLayout(GRID_PX)
        for widget in (self.method, self.whole, self.mistakes, self.mend):
            tools.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.title)
        column.addLayout(tools)
        column.addWidget(self.outdated)
        column.addWidget(self.stage, 1)

    def _turn(self) -> None:
        """The classes beside the map, or below it where the panel is narrow."""
        wide = self.width() >= _WIDE_PX
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._turned.setDirection(direction)
        self._classes.setMaximumSize(
            _LEGEND_PX if wide else 16_777_215, 16_777_215 if wide else _LEGEND_HIGH_PX
        )

    def _on_picked(self, point: int) -> None:
        path = self._points.paths[point]
        self.selection_changed.emit(replace(self._view.selection, image=path))
        self.image_picked.emit(path)

    def _on_hovered(self, point: int) -> None:
        if point < 0:
            self.readout.set_text("")
            return
        name = self._points.classes[int(self._points.labels[point])]
        told = [name, self._points.paths[point]]
        if self._view.mistakes is not None and self._view.mistakes.taken_for.get(point):
            text = QCoreApplication.translate("FeatureMap", "taken for {guess}")
            told.append(text.format(guess=self._view.mistakes.taken_for[point]))
        self.readout.set_text(" · ".join(told))

    def _save(self, format_: str) -> None:
        self.export_requested.emit("feature_map", format_)
