"""The command palette: type a few letters of any command, press Enter."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget


class CommandPalette(QDialog):
    def __init__(self, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Palette", "Commands"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._actions = actions
        self._filter = QLineEdit(self)
        self._filter.setPlaceholderText(QCoreApplication.translate("Palette", "Type a command"))
        self._list = QListWidget(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self._filter)
        layout.addWidget(self._list)
        self.resize(480, 400)
        self._filter.textChanged.connect(self._fill)
        self._filter.returnPressed.connect(self._run)
        self._filter.installEventFilter(self)
        self._list.itemActivated.connect(self._on_activated)
        self._fill("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down move in the list while the letters go into the line."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self._list.count():
                self._list.setCurrentRow((self._list.currentRow() + step) % self._list.count())
                return True
        return super().eventFilter(watched, event)

    def _fill(self, typed: str) -> None:
        self._list.clear()
        words = typed.casefold().split()
        for name, action in self._actions.items():
            text = action.text().replace("&", "").rstrip("…")
            if name == "palette" or not all(word in text.casefold() for word in words):
                continue
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            item = QListWidgetItem(f"{text}    {keys}" if keys else text)
            item.setData(Qt.ItemDataRole.UserRole, name)
            if not action.isEnabled():
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._list.addItem(item)
        self._list.setCurrentRow(0)

    def _on_activated(self, _item: QListWidgetItem) -> None:
        self._run()

    def _run(self) -> None:
        item = self._list.currentItem()
        if not self._list.count() or not item.flags() & Qt.ItemFlag.ItemIsEnabled:
            return
        self.accept()
        self._actions[str(item.data(Qt.ItemDataRole.UserRole))].trigger()
