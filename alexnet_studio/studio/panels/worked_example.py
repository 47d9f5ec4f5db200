"""How a layer computes: the window on its input, the curve of its activation, and its arithmetic on a few numbers."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.example import ActivationView, CellsView, ExampleView, WindowSketchView
from alexnet_studio.studio.widgets.activation_curve import ActivationCurve
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.in_a_row import in_a_row
from alexnet_studio.studio.widgets.number_table import NumberTable
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.window_sketch import WindowSketch

_LEAST_PX = 130
_FIELD_PX = 64


class WorkedExample(QWidget):
    """`operation_picked`, `field_edited` (name, text), `cell_edited` ("grid" or "kernel", row, column, text)."""

    operation_picked = Signal(str)
    field_edited = Signal(str, str)
    cell_edited = Signal(str, int, int, str)
    output_picked = Signal(int, int)
    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.operation = Chooser(QCoreApplication.translate("Example", "Operation"), 16)
        self.operation.chosen.connect(self.operation_picked)
        self.puzzle = self._button(QCoreApplication.translate("Example", "A riddle"), "show_puzzle")
        self.solve = self._button(QCoreApplication.translate("Example", "Show the answer"), "solve_puzzle")
        self.fields: dict[str, QLineEdit | QComboBox] = {}
        self._fields_row = QHBoxLayout()
        self._fields_row.setSpacing(GRID_PX)
        self.tables = {name: NumberTable(theme) for name in ("grid", "kernel", "output")}
        self.captions = {name: PlainLabel(theme, "quiet", delta=-1.0) for name in self.tables}
        for part in ("grid", "kernel"):
            self.tables[part].edited.connect(partial(self.cell_edited.emit, part))
        self.tables["output"].picked.connect(self.output_picked)
        self.sum = PlainLabel(theme)
        self.remark = PlainLabel(theme, "quiet")
        self.sketch = WindowSketch(theme)
        self.curve = ActivationCurve(theme)
        self.curve_title = PlainLabel(theme, "quiet", delta=-1.0)
        self.curve_remark = PlainLabel(theme, "quiet", delta=-1.0)
        self.measure = self._button(
            QCoreApplication.translate("Example", "What arrives there in this run"), "measure_activation"
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scroll(self._page()))

    def show_view(
        self, view: ExampleView, window: WindowSketchView | None, activation: ActivationView | None
    ) -> None:
        self.operation.show_choices(_operations(), view.operation)
        self._show_fields(view)
        for name, cells in (("grid", view.grid), ("kernel", view.kernel), ("output", view.output)):
            self._show_cells(name, cells)
        self.sum.set_text(view.text)
        self.remark.set_text(view.remark)
        self.solve.setVisible(view.solvable)
        self.sketch.show_view(window)
        self.curve.show_view(activation)
        self.curve_title.set_text("" if activation is None else activation.title)
        self.curve_remark.set_text("" if activation is None else activation.remark)
        self.measure.setVisible(activation is not None)
        self.measure.setEnabled(activation is not None and activation.measurable)

    def _show_cells(self, name: str, cells: CellsView) -> None:
        self.tables[name].show_view(cells)
        self.captions[name].set_text(cells.caption if cells.rows else "")

    def _show_fields(self, view: ExampleView) -> None:
        if list(self.fields) != [name for name, _ in view.fields]:
            self._build_fields(view)
        for name, text in view.fields:
            editor = self.fields[name]
            if isinstance(editor, QComboBox):
                editor.setCurrentText(text)
            elif not editor.hasFocus():
                editor.setText(text)

    def _build_fields(self, view: ExampleView) -> None:
        while (item := self._fields_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.fields = {}
        for name, _ in view.fields:
            label = PlainLabel(self._theme, "quiet", delta=-1.0)
            label.setWordWrap(False)
            label.set_text(_field_text(name))
            editor = self._editor(name)
            editor.setAccessibleName(_field_text(name))
            self.fields[name] = editor
            self._fields_row.addWidget(label)
            self._fields_row.addWidget(editor)
        self._fields_row.addStretch(1)

    def _editor(self, name: str) -> QLineEdit | QComboBox:
        if name == "sizing":
            combo = QComboBox()
            combo.addItems(["floor", "ceil", "same"])
            combo.textActivated.connect(partial(self.field_edited.emit, name))
            return combo
        line = QLineEdit()
        line.setFixedWidth(_FIELD_PX)
        line.textEdited.connect(partial(self.field_edited.emit, name))
        return line

    def _page(self) -> QWidget:
        page = QWidget()
        example = QVBoxLayout()
        example.setSpacing(GRID_PX)
        example.addLayout(in_a_row(self.operation, self.puzzle, self.solve))
        example.addLayout(self._fields_row)
        example.addWidget(self.remark)
        example.addWidget(self.sum)
        tables = QGridLayout()
        tables.setHorizontalSpacing(2 * GRID_PX)
        tables.setVerticalSpacing(GRID_PX // 2)
        for place, (name, table) in enumerate(self.tables.items()):
            tables.addWidget(self.captions[name], 0, place)
            tables.addWidget(table, 1, place, Qt.AlignmentFlag.AlignTop)
        tables.setColumnStretch(len(self.tables), 1)
        example.addLayout(tables)
        example.addStretch(1)
        beside = QVBoxLayout()
        beside.setSpacing(GRID_PX // 2)
        for widget in (self.sketch, self.curve_title, self.measure, self.curve_remark, self.curve):
            beside.addWidget(widget)
        beside.addStretch(1)
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, GRID_PX, 0)
        row.setSpacing(3 * GRID_PX)
        row.addLayout(example, 3)
        row.addLayout(beside, 2)
        return page

    def _scroll(self, page: QWidget) -> QScrollArea:
        """Sideways too, unlike a `ColumnScroll`: tables do not wrap, and are wider than a small window."""
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setMinimumHeight(_LEAST_PX)
        area.setWidget(page)
        return area

    def _button(self, text: str, intent: str) -> Button:
        return Button(self._theme, text, on_click=partial(self.intent.emit, intent))


def _operations() -> tuple[tuple[str, str], ...]:
    return (
        ("conv", QCoreApplication.translate("Example", "convolution")),
        ("max", QCoreApplication.translate("Example", "max pooling")),
        ("average", QCoreApplication.translate("Example", "average pooling")),
        ("rnorm", QCoreApplication.translate("Example", "response normalisation")),
        ("dropout", QCoreApplication.translate("Example", "dropout")),
        ("softmax", QCoreApplication.translate("Example", "softmax")),
    )


def _field_text(name: str) -> str:
    texts = {
        "window": QCoreApplication.translate("Example", "window"),
        "stride": QCoreApplication.translate("Example", "stride"),
        "padding": QCoreApplication.translate("Example", "padding"),
        "sizing": QCoreApplication.translate("Example", "last window"),
        "rate": QCoreApplication.translate("Example", "rate"),
    }
    return texts.get(name, name)
