"""The network and its recipe as a PyTorch script, with Copy and Save."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.code_view import CodeView


class PyTorchText(QWidget):
    save_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = CodeView(theme, QCoreApplication.translate("Architecture", "The network as PyTorch"))
        self.copy_button = QPushButton(QCoreApplication.translate("Architecture", "Copy"))
        self.copy_button.clicked.connect(self.copy)
        self.save_button = QPushButton(QCoreApplication.translate("Architecture", "Save as .py…"))
        self.save_button.clicked.connect(self.save_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID_PX)
        buttons.addWidget(self.copy_button)
        buttons.addWidget(self.save_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX // 2)
        column.addWidget(self.text, 1)
        column.addLayout(buttons)

    def copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
