"""A combo box of values with their labels, elided where the room is short."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QWidget

from alexnet_studio.studio.widgets.elided_label import plain_tip


class Chooser(QComboBox):
    """(value, label) pairs; `chosen` carries the value that a person picked."""

    chosen = Signal(str)

    def __init__(self, name: str, letters: int = 11, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[tuple[str, str], ...] = ()
        self.setAccessibleName(name)
        self._name = name
        self._set_tip()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(letters)
        self.activated.connect(self._announce)

    def _announce(self, index: int) -> None:
        self.chosen.emit(self._choices[index][0])

    def show_choices(self, choices: tuple[tuple[str, str], ...], value: object) -> None:
        if choices != self._choices:
            self._choices = choices
            self.clear()
            self.addItems([label for _, label in choices])
        values = [choice for choice, _ in choices]
        self.setCurrentIndex(values.index(str(value)) if str(value) in values else -1)
        self._set_tip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        # A style sheet's combo box cuts a long text off without a sign.
        shown = self.fontMetrics().elidedText(
            self.currentText() or self.placeholderText(), Qt.TextElideMode.ElideRight, field.width() - 4
        )
        option.currentText = shown
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)

    def _set_tip(self) -> None:
        self.setToolTip(
            plain_tip(f"{self._name}: {self.currentText()}" if self.currentText() else self._name)
        )
