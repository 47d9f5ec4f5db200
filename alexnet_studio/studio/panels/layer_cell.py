"""One field of a layer: its label, its editor, and why what was typed cannot be."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.layer_texts import field_text, field_tip
from alexnet_studio.studio.panels.recipe_fields import text_of
from alexnet_studio.studio.panels.recipe_texts import empty_hint
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.architecture import LayerFieldView
from alexnet_studio.studio.widgets.elided_label import ElidedLabel, plain_tip
from alexnet_studio.studio.widgets.plain_label import PlainLabel


class LayerCell(QWidget):
    """`edited` comes while typing: shapes and counts follow each key. A name is taken when the field is left."""

    edited = Signal(str, object)

    def __init__(self, theme: Theme, field: LayerFieldView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        self.editor = self._made_editor(field)
        self.editor.setAccessibleName(field_text(field.name))
        self.editor.setToolTip(plain_tip(field_tip(field.name)))
        self.error = PlainLabel(theme, "bad", delta=-1.0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        caption = ElidedLabel(theme, "quiet", delta=-1.0)
        caption.set_text(field_text(field.name))
        column.addWidget(caption)
        column.addWidget(self.editor)
        column.addWidget(self.error)
        column.addStretch(1)
        self.show_view(field)

    def show_view(self, field: LayerFieldView) -> None:
        """What was typed stays while it is wrong, and while it means the same."""
        self._field = field
        if isinstance(self.editor, QCheckBox):
            self.editor.setChecked(bool(field.value))
        elif isinstance(self.editor, QComboBox):
            self.editor.setCurrentText(str(field.value))
        elif not field.error and self._parsed(self.editor.text()) != field.value:
            self.editor.setText(text_of(field.value))
        self.error.set_text(field.error)
        self.error.setVisible(bool(field.error))
        if bool(self.editor.property("wrong")) != bool(field.error):
            self.editor.setProperty("wrong", bool(field.error))
            # Style sheets read dynamic properties only when a widget is polished.
            self.editor.style().unpolish(self.editor)
            self.editor.style().polish(self.editor)

    def _made_editor(self, field: LayerFieldView) -> QCheckBox | QComboBox | QLineEdit:
        if field.kind == "bool":
            box = QCheckBox()
            box.clicked.connect(self._announce)
            return box
        if field.kind == "choice":
            combo = QComboBox()
            combo.addItems(list(field.choices))
            combo.textActivated.connect(self._announce)
            return combo
        line = QLineEdit()
        if field.optional:
            line.setPlaceholderText(empty_hint(""))
        typed = line.editingFinished if field.kind == "text" else line.textEdited
        typed.connect(lambda: self._announce(self._parsed(line.text())))
        return line

    def _parsed(self, text: str) -> object:
        text = text.strip()
        if not text and self._field.optional:
            return None
        try:
            return (
                int(text)
                if self._field.kind == "int"
                else float(text)
                if self._field.kind == "float"
                else text
            )
        except ValueError:
            return text

    def _announce(self, value: object) -> None:
        if value != self._field.value or self._field.error:
            self.edited.emit(self._field.name, value)
