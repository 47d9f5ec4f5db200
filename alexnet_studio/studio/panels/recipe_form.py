"""The recipe's form, made from the recipe's own fields; a wrong value keeps its sentence at its field."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from alexnet_studio.studio.panels import recipe_groups
from alexnet_studio.studio.panels.recipe_cell import FieldCell
from alexnet_studio.studio.panels.recipe_fields import recipe_fields
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.recipe import RecipeView
from alexnet_studio.studio.widgets.fold import Fold
from alexnet_studio.studio.widgets.plain_label import PlainLabel

_ELSEWHERE = frozenset({"device"})  # has its chooser beside the network's, with this machine's devices only
_CELL_PX = 190


class RecipeForm(QScrollArea):
    """`edited` carries a field's name and its new value, once the person has left the field."""

    edited = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.cells = {f.name: FieldCell(theme, f) for f in recipe_fields() if f.name not in _ELSEWHERE}
        for cell in self.cells.values():
            cell.edited.connect(self.edited)
        self.notes = PlainLabel(theme, "quiet", delta=-0.5)
        self.groups = [
            FieldGroup(theme, group, {name: self.cells[name] for name in names})
            for group, names in recipe_groups.groups(tuple(self.cells)).items()
        ]
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, GRID_PX, GRID_PX)
        column.setSpacing(GRID_PX)
        column.addWidget(self.notes)
        for group in self.groups:
            column.addWidget(group)
        column.addStretch(1)
        self.setWidget(page)
        # The order of reading is the order of tabbing, whatever the number of columns.
        stops = [stop for group in self.groups for stop in group.stops()]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def show_view(self, view: RecipeView) -> None:
        errors = dict(view.errors)
        values = dict(view.values)
        idle = dict(view.idle)
        for name, cell in self.cells.items():
            if name in values:
                cell.set_value(values[name])
            cell.set_idle(idle.get(name, ""))
            cell.set_error(errors.get(name, ""))
        self.notes.set_text(view.notes)
        for group in self.groups:
            group.settle(enabled=view.enabled, wrong=not errors.keys().isdisjoint(group.cells))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        columns = max(1, self.viewport().width() // _CELL_PX)
        for group in self.groups:
            group.arrange(columns)


class FieldGroup(Fold):
    """Fields under a heading; closed, it names those that are not as usual."""

    def __init__(
        self, theme: Theme, group: str, cells: dict[str, FieldCell], parent: QWidget | None = None
    ) -> None:
        self.cells = cells
        self._page = QWidget()
        self._grid = QGridLayout(self._page)
        self._grid.setContentsMargins(0, 0, 0, GRID_PX)
        self._grid.setHorizontalSpacing(3 * GRID_PX)
        self._grid.setVerticalSpacing(GRID_PX)
        self._columns = 0
        super().__init__(theme, recipe_groups.title_of(group), lambda: self._page, parent)
        self.set_open(True)
        self.set_open(group == recipe_groups.OPEN_FIRST)
        self.toggled.connect(self._summarise)
        self.arrange(1)

    def stops(self) -> list[QWidget]:
        return [self.header, *(cell.editor for cell in self.cells.values())]

    def settle(self, *, enabled: bool, wrong: bool) -> None:
        """After its fields were set. A wrong one that nobody can see would be a riddle."""
        self._page.setEnabled(enabled)
        if wrong:
            self.set_open(True)
        self._summarise()

    def arrange(self, columns: int) -> None:
        if columns == self._columns:
            return
        for column in range(max(self._columns, columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        for index, cell in enumerate(self.cells.values()):
            self._grid.addWidget(cell, index // columns, index % columns, Qt.AlignmentFlag.AlignTop)

    def _summarise(self) -> None:
        texts = () if self.is_open() else (cell.changed_text() for cell in self.cells.values())
        self.set_summary(" · ".join(text for text in texts if text))
