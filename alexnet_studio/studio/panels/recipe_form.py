"""The recipe's form, made from the recipe's own fields; a wrong value keeps its sentence at its field."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from alexnet_studio.studio.panels.recipe_fields import RecipeField, recipe_fields, text_of
from alexnet_studio.studio.panels.recipe_texts import empty_hint, label_of, tip_of
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views import RecipeView
from alexnet_studio.studio.widgets.elided_label import ElidedLabel, plain_tip
from alexnet_studio.studio.widgets.plain_label import PlainLabel

_ELSEWHERE = frozenset({"device"})  # has its chooser beside the network's, with this machine's devices only
_CELL_PX = 232


class RecipeForm(QScrollArea):
    """`edited` carries a field's name and its new value, once the person has left the field."""

    edited = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._page = QWidget()
        self._grid = QGridLayout(self._page)
        self._grid.setContentsMargins(0, 0, GRID_PX, GRID_PX)
        self._grid.setHorizontalSpacing(3 * GRID_PX)
        self._grid.setVerticalSpacing(GRID_PX)
        self._columns = 0
        self.cells = {f.name: FieldCell(theme, f) for f in recipe_fields() if f.name not in _ELSEWHERE}
        for cell in self.cells.values():
            cell.edited.connect(self.edited)
        self.setWidget(self._page)
        self._arrange(1)

    def show_view(self, view: RecipeView) -> None:
        errors = dict(view.errors)
        values = dict(view.values)
        for name, cell in self.cells.items():
            if name in values:
                cell.set_value(values[name])
            cell.set_error(errors.get(name, ""))
        self._page.setEnabled(view.enabled)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(max(1, self.viewport().width() // _CELL_PX))

    def _arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(self._columns, columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for index, cell in enumerate(self.cells.values()):
            self._grid.addWidget(cell, index // columns, index % columns, Qt.AlignmentFlag.AlignTop)
        # The order of reading is the order of tabbing, whatever the number of columns.
        editors = [cell.editor for cell in self.cells.values()]
        for before, after in pairwise(editors):
            QWidget.setTabOrder(before, after)


class FieldCell(QWidget):
    """Label, editor and, when there is one, the error below them."""

    edited = Signal(str, object)

    def __init__(self, theme: Theme, field: RecipeField, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self._value: object = field.default
        self.editor = self._made_editor()
        label = label_of(field.name)
        self.editor.setAccessibleName(label)
        self.editor.setToolTip(plain_tip(tip_of(field)))
        self.error = PlainLabel(theme, "bad", delta=-1.0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        if not isinstance(self.editor, QCheckBox):
            caption = ElidedLabel(theme, "quiet", delta=-1.0)
            caption.set_text(label)
            column.addWidget(caption)
        else:
            self.editor.setText(label)
            column.addSpacing(2 * GRID_PX)
        column.addWidget(self.editor)
        column.addWidget(self.error)
        self.set_value(field.default)

    def set_value(self, value: object) -> None:
        """Without announcing it."""
        self._value = value
        if isinstance(self.editor, QCheckBox):
            self.editor.setChecked(bool(value))
        elif isinstance(self.editor, QComboBox):
            self.editor.setCurrentIndex(max(0, self.editor.findText(str(value))))
        elif self.editor.text() != text_of(value):
            self.editor.setText(text_of(value))

    def set_error(self, sentence: str) -> None:
        self.error.set_text(sentence)
        if bool(self.editor.property("wrong")) != bool(sentence):
            self.editor.setProperty("wrong", bool(sentence))
            # Style sheets read dynamic properties only when a widget is polished.
            self.editor.style().unpolish(self.editor)
            self.editor.style().polish(self.editor)

    def _made_editor(self) -> QCheckBox | QComboBox | QLineEdit:
        if self._field.kind == "bool":
            box = QCheckBox()
            box.clicked.connect(self._announce)
            return box
        if self._field.kind == "choice":
            combo = QComboBox()
            combo.addItems(list(self._field.choices))
            combo.textActivated.connect(self._announce)
            return combo
        line = QLineEdit()
        if self._field.optional:
            line.setPlaceholderText(empty_hint(self._field.name))
        line.editingFinished.connect(lambda: self._announce(self._field.parsed(line.text())))
        return line

    def _announce(self, value: object) -> None:
        # editingFinished also comes when the field is only left.
        if value != self._value or type(value) is not type(self._value):
            self._value = value
            self.edited.emit(self._field.name, value)
