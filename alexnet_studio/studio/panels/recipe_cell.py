"""One field of the recipe's form."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.recipe_fields import RecipeField, text_of
from alexnet_studio.studio.panels.recipe_texts import empty_hint, label_of, tip_of
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.elided_label import ElidedLabel, plain_tip
from alexnet_studio.studio.widgets.plain_label import PlainLabel


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
        self.set_idle("")
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

    def set_idle(self, reason: str) -> None:
        """Whether it does nothing beside what else is chosen, and why."""
        self.editor.setEnabled(not reason)
        tip = tip_of(self._field)
        self.editor.setToolTip(plain_tip(f"{reason} ({tip})" if reason else tip))

    def changed_text(self) -> str:
        """ "label value" where it is not as usual."""
        if self._value == self._field.default or not self.editor.isEnabled():
            return ""
        if isinstance(self._value, bool):
            return label_of(self._field.name) if self._value else _without(label_of(self._field.name))
        return f"{label_of(self._field.name)} {text_of(self._value)}"

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


def _without(label: str) -> str:
    return QCoreApplication.translate("Recipe", "no {what}").format(what=label)
