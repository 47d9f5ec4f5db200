"""The Architecture panel: the network drawn, and the same network counted, row by row."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.panels.comparison import Comparison
from alexnet_studio.studio.panels.layer_editor import LayerEditor
from alexnet_studio.studio.panels.pytorch_text import PyTorchText
from alexnet_studio.studio.panels.worked_example import WorkedExample
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.architecture import ArchitectureView, LayerRow
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.figure_split import FigureSplit
from alexnet_studio.studio.widgets.fold import Fold
from alexnet_studio.studio.widgets.layer_diagram import LayerDiagram
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.stage import Stage
from alexnet_studio.studio.widgets.table import Table
from alexnet_studio.studio.widgets.table_rows import Column, Row

_LOW_PX = 620


class ArchitecturePanel(QWidget):
    """A row picked lights up in the drawing, and a box picked in the table: both only announce the selection."""

    intent = Signal(str)
    selection_changed = Signal(object)
    export_requested = Signal(str, str)
    comparison_picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = ArchitectureView()
        self.title = ElidedLabel(theme, bold=True)
        self.source = ElidedLabel(theme, "quiet", delta=-0.5)
        self.error = PlainLabel(theme, "bad")
        self.notes = PlainLabel(theme, "quiet", delta=-0.5)
        self.details = PlainLabel(theme, "quiet", delta=-0.5)
        self.details.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.notes_fold = Fold(
            theme, QCoreApplication.translate("Architecture", "About this network"), lambda: self.notes
        )
        self.comparison = Comparison(theme)
        self.comparison.picked.connect(self.comparison_picked)
        self.comparison.layer_picked.connect(self._on_difference_picked)
        self.comparison.intent.connect(self.intent)
        self.comparison_fold = Fold(
            theme,
            QCoreApplication.translate("Architecture", "Differences from another network"),
            lambda: self.comparison,
        )
        self.comparison.setParent(self.comparison_fold)
        self.comparison.hide()
        self.editor = LayerEditor(theme)
        self.editor.intent.connect(self.intent)
        self.example = WorkedExample(theme)
        self.example.intent.connect(self.intent)
        self.example_fold = Fold(
            theme, QCoreApplication.translate("Architecture", "How a layer computes"), lambda: self.example
        )
        self.example.setParent(self.example_fold)
        self.example.hide()
        self.editor_fold = Fold(
            theme, QCoreApplication.translate("Architecture", "Change the network"), lambda: self.editor
        )
        self.editor.setParent(self.editor_fold)
        self.editor.hide()
        self.pytorch = PyTorchText(theme)
        self.pytorch.save_requested.connect(partial(self.export_requested.emit, "network", "py"))
        self.pytorch_fold = Fold(
            theme, QCoreApplication.translate("Architecture", "As PyTorch"), lambda: self.pytorch
        )
        self.pytorch.setParent(self.pytorch_fold)
        self.pytorch.hide()
        self.notes.setParent(self.notes_fold)
        self.notes.hide()
        self.diagram = LayerDiagram(theme)
        self.diagram.setAccessibleName(QCoreApplication.translate("Architecture", "Drawing of the network"))
        self.diagram.picked.connect(self._on_layer_picked)
        self.table = Table(theme, _columns())
        self.table.setAccessibleName(QCoreApplication.translate("Architecture", "Layers"))
        self.table.picked.connect(self._on_row_picked)
        self._diagram_actions = FigureActions(
            self.diagram, ("png", "svg", "pdf"), partial(self.export_requested.emit, "network")
        )
        self._table_actions = FigureActions(
            self.table, ("csv",), partial(self.export_requested.emit, "layers"), text=self.table.as_text
        )
        self._split = FigureSplit(self.diagram, self.table)
        # One at a time: together they would leave no room for the table.
        self._folds = (
            self.example_fold,
            self.editor_fold,
            self.comparison_fold,
            self.pytorch_fold,
            self.notes_fold,
        )
        for fold in self._folds:
            fold.toggled.connect(partial(self._on_fold, fold))
        self.stage = Stage(theme, self._made_content())
        self.stage.intent.connect(self.intent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stage)

    def show_view(self, view: ArchitectureView) -> None:
        before, self._view = self._view, view
        self.stage.show_empty(view.empty)
        self.title.set_text(view.title)
        self.source.set_text(view.source)
        self.source.setVisible(bool(view.source))
        self.error.set_text(view.error)
        self.notes.set_text(view.notes)
        self.notes.setVisible(self.notes_fold.is_open())
        self.notes_fold.setVisible(bool(view.notes))
        if view.editor != before.editor:
            self.editor.show_view(view.editor)
        self.example_fold.setVisible(bool(view.example.operation))
        if (view.example, view.window, view.activation) != (before.example, before.window, before.activation):
            self.example.show_view(view.example, view.window, view.activation)
        self.pytorch.text.set_text(view.pytorch)
        self.pytorch_fold.setVisible(bool(view.pytorch))
        if view.comparison != before.comparison:
            self.comparison.show_view(view.comparison)
        self.diagram.set_drawing(view.drawing)
        self.details.set_text("\n".join(view.details))
        self._share_room()
        self._split.share()
        if (view.rows, view.totals) != (before.rows, before.totals):
            self.table.set_rows(_rows(view))
        names = [row.name for row in view.rows]
        layer = view.selection.layer
        self.table.select(names.index(layer) if layer in names else None)
        self.diagram.set_current(layer)

    def copy(self) -> None:
        (self._diagram_actions if self.diagram.hasFocus() else self._table_actions).copy()

    def _made_content(self) -> QWidget:
        content = QWidget()
        self._column = column = QVBoxLayout(content)
        column.setContentsMargins(2 * GRID_PX, GRID_PX, 2 * GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX // 2)
        for widget in (self.title, self.source, self.error):
            column.addWidget(widget)
        column.addWidget(self._split, 1)
        column.addWidget(self.details)
        column.addWidget(self.example_fold)
        column.addWidget(self.editor_fold)
        column.addWidget(self.comparison_fold)
        column.addWidget(self.pytorch_fold)
        column.addWidget(self.notes_fold)
        return content

    def _on_fold(self, opened: Fold, is_open: bool) -> None:
        # Numbers to work through need more room than the table above them.
        if opened is self.example_fold:
            self._column.setStretchFactor(opened, 2 if is_open else 0)
        for fold in self._folds:
            if is_open and fold is not opened:
                fold.set_open(False)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def _share_room(self) -> None:
        """In a low window an open fold takes the drawing's room, not the screen's edge."""
        narrow = self.height() < _LOW_PX and any(fold.is_open() for fold in self._folds)
        self.diagram.setVisible(self._view.drawing is not None and not narrow)
        self.details.setVisible(bool(self._view.details) and not narrow)

    def _on_row_picked(self, row: int) -> None:
        if row < len(self._view.rows):
            self._announce(self._view.rows[row].name)

    def _on_difference_picked(self, layer: str) -> None:
        if layer in [row.name for row in self._view.rows]:
            self._announce(layer)

    def _on_layer_picked(self, layer: str) -> None:
        self._announce(layer)

    def _announce(self, layer: str) -> None:
        self.selection_changed.emit(replace(self._view.selection, layer=layer))


def _columns() -> tuple[Column, ...]:
    """In a narrow dock the four that tell most stay."""
    return (
        Column(QCoreApplication.translate("Architecture", "layer")),
        Column(QCoreApplication.translate("Architecture", "output"), numeric=True),
        Column(QCoreApplication.translate("Architecture", "kernel"), numeric=True, rank=3),
        Column(QCoreApplication.translate("Architecture", "stride"), numeric=True, rank=5),
        Column(QCoreApplication.translate("Architecture", "padding"), numeric=True, rank=6),
        Column(QCoreApplication.translate("Architecture", "groups"), numeric=True, rank=6),
        Column(QCoreApplication.translate("Architecture", "then"), rank=6, tip=_then()),
        Column(QCoreApplication.translate("Architecture", "sees"), numeric=True, rank=7, tip=_sees()),
        Column(QCoreApplication.translate("Architecture", "neurons"), numeric=True, rank=5),
        Column(QCoreApplication.translate("Architecture", "multiply-adds"), numeric=True, rank=4),
        Column(QCoreApplication.translate("Architecture", "weights"), numeric=True, rank=8),
        Column(QCoreApplication.translate("Architecture", "biases"), numeric=True, rank=8),
        Column(QCoreApplication.translate("Architecture", "parameters"), numeric=True),
        Column(QCoreApplication.translate("Architecture", "share"), numeric=True, rank=1),
        Column("", bar=True, bar_px=64, rank=2),
    )


def _then() -> str:
    return QCoreApplication.translate("Architecture", "the activation function that follows the layer")


def _sees() -> str:
    return QCoreApplication.translate(
        "Architecture", "receptive field: the side of the input region that one neuron sees, in pixels"
    )


def _rows(view: ArchitectureView) -> list[Row]:
    largest = max((row.share for row in view.rows), default=0.0)
    rows = [Row(_cells(row), bar=row.share / largest if largest else 0.0) for row in view.rows]
    return rows if view.totals is None else [*rows, Row(_cells(view.totals), strong=True)]


def _cells(row: LayerRow) -> tuple[str, ...]:
    return (
        row.name,
        row.output,
        row.kernel,
        row.stride,
        row.padding,
        row.groups,
        row.activation,
        row.receptive_field,
        row.neurons,
        row.macs,
        row.weights,
        row.biases,
        row.params,
        row.share_text,
        "",
    )
