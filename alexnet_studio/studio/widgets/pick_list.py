"""A list of names to tick, which opens below a button and closes when something else is clicked."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX
from alexnet_studio.studio.widgets.elided_label import plain_tip

_WIDTH_PX = 300
_LINES = 12


class PickList(QFrame):
    """`picked` carries the values that are ticked, in the order of the list, whenever one changes."""

    picked = Signal(object)

    def __init__(self, empty: str, parent: QWidget | None = None) -> None:
        """`empty` is said where there is nothing to tick."""
        super().__init__(parent, Qt.WindowType.Popup)
        self.list = QListWidget()
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.itemChanged.connect(self._announce)
        self._empty = QLabel(empty)
        self._empty.setWordWrap(True)
        self._empty.setMargin(GRID_PX)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.list)
        column.addWidget(self._empty)

    def show_choices(self, choices: tuple[tuple[str, str, str, bool], ...]) -> None:
        """(value, label, tip, ticked)."""
        self.list.blockSignals(True)
        self.list.clear()
        for value, label, tip, ticked in choices:
            item = QListWidgetItem(label)
            item.setData(Qt.ItemDataRole.UserRole, value)
            item.setToolTip(plain_tip(tip))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setVisible(bool(choices))
        self._empty.setVisible(not choices)

    def open_below(self, widget: QWidget) -> None:
        lines = min(_LINES, max(2, self.list.count()))
        self.resize(_WIDTH_PX, lines * (self.fontMetrics().height() + GRID_PX) + GRID_PX)
        screen = widget.screen().availableGeometry()
        place = widget.mapToGlobal(QPoint(0, widget.height()))
        if place.y() + self.height() > screen.bottom():
            place = widget.mapToGlobal(QPoint(0, -self.height()))
        self.move(max(screen.left(), min(place.x(), screen.right() - self.width())), place.y())
        self.show()

    def _announce(self, _item: QListWidgetItem) -> None:
        items = (self.list.item(row) for row in range(self.list.count()))
        ticked = tuple(
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        )
        self.picked.emit(ticked)
