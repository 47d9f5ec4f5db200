"""The first page: the finished example first, then training it oneself, one's own folder, one's own run."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.folder_sketch import FolderSketch
from alexnet_studio.studio.widgets.plain_label import PlainLabel

_WIDEST_PX = 640


class WelcomePage(QWidget):
    """`path_picked` carries one of the recent folders or runs."""

    intent = Signal(str)
    selection_changed = Signal(object)
    path_picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.recent: list[Button] = []
        self.example = self._made_example()
        self.buttons = [
            self._button("train_sample", "play", QCoreApplication.translate("Welcome", "Train it yourself")),
            self._button("open_folder", "folder", QCoreApplication.translate("Welcome", "Open folder…")),
            self._button("open_run", "run", QCoreApplication.translate("Welcome", "Open run…")),
        ]
        self._recent_title = PlainLabel(theme, "quiet", delta=-0.5)
        self._recent_column = QVBoxLayout()
        self._recent_column.setSpacing(2)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(3 * GRID_PX, 2 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        outer.addStretch(1)
        outer.addWidget(self._made_page(), 100)
        outer.addStretch(1)

    def show_recent(self, items: tuple[tuple[str, str], ...]) -> None:
        """(path, label) pairs, the newest first."""
        for button in self.recent:
            self._recent_column.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.recent = [self._recent_button(path, label) for path, label in items]
        for button in self.recent:
            self._recent_column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        text = QCoreApplication.translate("Welcome", "Recent")
        self._recent_title.set_text(text if items else "")

    def _made_page(self) -> QWidget:
        heading = PlainLabel(self._theme, delta=9.0, bold=True)
        heading.set_text(QCoreApplication.translate("Welcome", "AlexNet Studio"))
        promise = PlainLabel(self._theme, "quiet", delta=1.0)
        promise.set_text(
            QCoreApplication.translate(
                "Welcome", "Watch a network learn your photos, and see what it learned."
            )
        )
        row = FlowLayout(GRID_PX)
        for button in self.buttons:
            row.addWidget(button)
        page = QWidget()
        page.setMaximumWidth(_WIDEST_PX)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addStretch(2)
        column.addWidget(heading)
        column.addWidget(promise)
        column.addSpacing(2 * GRID_PX)
        column.addWidget(self.example)
        column.addLayout(row)
        column.addSpacing(2 * GRID_PX)
        column.addWidget(self._made_sketch())
        column.addSpacing(GRID_PX)
        column.addWidget(self._recent_title)
        column.addLayout(self._recent_column)
        column.addStretch(3)
        return page

    def _made_example(self) -> Button:
        text = QCoreApplication.translate("Welcome", "See a finished run")
        button = self._button("open_example", "", text, primary=True)
        button.setMinimumHeight(8 * GRID_PX)
        button.setFont(self._theme.font(3.0, bold=True))
        return button

    def _made_sketch(self) -> FolderSketch:
        return FolderSketch(
            self._theme,
            QCoreApplication.translate("Welcome", "A folder to train on holds one folder for each class:"),
            (
                QCoreApplication.translate("Welcome", "photos"),
                QCoreApplication.translate("Welcome", "cats"),
                QCoreApplication.translate("Welcome", "dogs"),
            ),
        )

    def _button(self, intent: str, icon: str, text: str, *, primary: bool = False) -> Button:
        role = "primary" if primary else ""
        return Button(self._theme, text, icon=icon, role=role, on_click=lambda: self.intent.emit(intent))

    def _recent_button(self, path: str, label: str) -> Button:
        shown = self.fontMetrics().elidedText(label, Qt.TextElideMode.ElideMiddle, _WIDEST_PX - 80)
        button = Button(
            self._theme, shown.replace("&", "&&"), role="quiet", on_click=lambda: self.path_picked.emit(path)
        )
        button.setToolTip(plain_tip(path))
        return button
