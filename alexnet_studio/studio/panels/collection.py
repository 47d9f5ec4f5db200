"""The form that asks what a collection needs: one field for each option that its source takes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from alexnet_studio.studio.panels.collection_texts import empty_hint, explanation_of, label_of
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.collection import CollectFieldView, CollectionView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.column_scroll import ColumnScroll
from alexnet_studio.studio.widgets.elided_label import ElidedLabel, plain_tip
from alexnet_studio.studio.widgets.plain_label import PlainLabel


class CollectionDialog(QDialog):
    """`edited` carries a field's name and its text, `browse_requested` the name of a field of a file or folder."""

    edited = Signal(str, str)
    browse_requested = Signal(str)
    collect_requested = Signal()
    given_up = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Collect", "Collect images"))
        self._theme = theme
        self._shape: tuple[tuple[str, str], ...] = ()
        self._wrong: tuple[str, ...] = ()
        self.cells: dict[str, CollectCell] = {}
        self.found = ElidedLabel(theme, bold=True)
        self.source = ElidedLabel(theme, "quiet", delta=-0.5)
        self.error = PlainLabel(theme, "bad")
        self._area = ColumnScroll(QWidget())
        self.collect = Button(
            theme,
            QCoreApplication.translate("Collect", "Collect"),
            role="primary",
            on_click=self.collect_requested.emit,
        )
        self.collect.setDefault(True)
        self.cancel = Button(theme, QCoreApplication.translate("Collect", "Cancel"), on_click=self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.collect)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.found)
        column.addWidget(self.source)
        column.addWidget(self._area, 1)
        column.addWidget(self.error)
        column.addLayout(buttons)
        self.rejected.connect(self.given_up)

    def show_view(self, view: CollectionView | None) -> None:
        """None: nothing is asked, or not any more."""
        if view is None:
            self.hide()
            return
        self.found.set_text(view.found)
        self.source.set_text(view.source)
        shape = tuple((field.name, field.kind) for field in view.fields)
        if shape != self._shape:
            self._shape = shape
            self._build(view.fields)
        for field in view.fields:
            self.cells[field.name].show_view(field)
        self.error.set_text(view.error)
        wrong = tuple(field.name for field in view.fields if field.error)
        if wrong and wrong != self._wrong:
            self._area.ensureWidgetVisible(self.cells[wrong[0]])
        self._wrong = wrong
        if not self.isVisible():
            self.show()
            self.activateWindow()
            self.cells[view.fields[0].name].editor.setFocus()

    def _build(self, fields: tuple[CollectFieldView, ...]) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, GRID_PX, GRID_PX, GRID_PX)
        column.setSpacing(2 * GRID_PX)
        self.cells = {field.name: CollectCell(self._theme, field) for field in fields}
        for cell in self.cells.values():
            cell.edited.connect(self.edited)
            cell.browse_requested.connect(self.browse_requested)
            column.addWidget(cell)
        column.addStretch(1)
        self._area.setWidget(page)
        room = self.screen().availableGeometry()
        wanted = page.sizeHint().height() + 12 * GRID_PX + 2 * self.collect.sizeHint().height()
        self.resize(min(560, room.width() - 40), min(wanted, room.height() - 80))


class CollectCell(QWidget):
    """Label, editor, what it means, and the error."""

    edited = Signal(str, str)
    browse_requested = Signal(str)

    def __init__(self, theme: Theme, field: CollectFieldView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = field.name
        label = label_of(field.name)
        self.editor: Chooser | QLineEdit = Chooser(label, 30) if field.kind == "column" else QLineEdit()
        self.editor.setAccessibleName(label)
        self.editor.setAccessibleDescription(explanation_of(field.name))
        caption = ElidedLabel(theme)
        caption.set_text(label)
        explanation = PlainLabel(theme, "quiet", delta=-1.0)
        explanation.set_text(explanation_of(field.name))
        self.error = PlainLabel(theme, "bad", delta=-0.5)
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        row.addWidget(self.editor, 1)
        self.browse: Button | None = None
        if field.kind in {"file", "folder"}:
            self.browse = Button(
                theme, QCoreApplication.translate("Collect", "Choose…"), on_click=self._browse
            )
            row.addWidget(self.browse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(caption)
        column.addLayout(row)
        column.addWidget(self.error)
        column.addWidget(explanation)
        if isinstance(self.editor, Chooser):
            self.editor.chosen.connect(self._announce)
        else:
            self.editor.setPlaceholderText(empty_hint(field.name))
            self.editor.textEdited.connect(self._announce)

    def show_view(self, view: CollectFieldView) -> None:
        """Without announcing it."""
        if isinstance(self.editor, Chooser):
            self.editor.show_choices(view.choices, view.value)
        elif self.editor.text() != view.value:
            self.editor.setText(view.value)
            self.editor.setToolTip(plain_tip(view.value))
        self.error.set_text(view.error)
        if bool(self.editor.property("wrong")) != bool(view.error):
            self.editor.setProperty("wrong", bool(view.error))
            # Style sheets read dynamic properties only when a widget is polished.
            self.editor.style().unpolish(self.editor)
            self.editor.style().polish(self.editor)

    def _browse(self) -> None:
        self.browse_requested.emit(self._name)

    def _announce(self, text: str) -> None:
        self.edited.emit(self._name, text)
