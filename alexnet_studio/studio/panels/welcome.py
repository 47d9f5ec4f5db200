"""The first page: the finished example first, then training it oneself, one's own folder, one's own run."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.plain_label import PlainLabel


class WelcomePage(QWidget):
    """`path_picked` carries one of the recent folders or runs."""

    intent = Signal(str)
    selection_changed = Signal(object)
    path_picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.recent: list[Button] = []
        heading = PlainLabel(theme, delta=9.0, bold=True)
        heading.set_text(QCoreApplication.translate("Welcome", "AlexNet Studio"))
        promise = PlainLabel(theme, "quiet", delta=1.0)
        promise.set_text(
            QCoreApplication.translate(
                "Welcome", "Watch a network learn your photos, and see what it learned."
            )
        )
        self.example = self._button("open_example", "run", _open_example(), large=True)
        self.buttons = [
            self._button("train_sample", "play", _train_it_yourself()),
            self._button("open_folder", "folder", QCoreApplication.translate("Welcome", "Open folder…")),
            self._button("open_run", "network", QCoreApplication.translate("Welcome", "Open run…")),
        ]
        self._recent_title = PlainLabel(theme, "quiet", delta=-0.5)
        self._recent_column = QVBoxLayout()
        self._recent_column.setSpacing(2)
        self._lay_out(heading, promise)

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

    def _lay_out(self, heading: PlainLabel, promise: PlainLabel) -> None:
        row = QHBoxLayout()
        row.setSpacing(GRID_PX)
        for button in self.buttons:
            row.addWidget(button)
        row.addStretch(1)
        layout_hint = PlainLabel(self._theme, "quiet", delta=-0.5)
        layout_hint.set_text(_folder_hint())
        block = QWidget()
        block.setMaximumWidth(560)
        column = QVBoxLayout(block)
        column.setSpacing(GRID_PX)
        column.addWidget(heading)
        column.addWidget(promise)
        column.addSpacing(2 * GRID_PX)
        column.addWidget(self.example)
        column.addLayout(row)
        column.addSpacing(GRID_PX)
        column.addWidget(layout_hint)
        column.addSpacing(2 * GRID_PX)
        column.addWidget(self._recent_title)
        column.addLayout(self._recent_column)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(3 * GRID_PX, 2 * GRID_PX, 3 * GRID_PX, 2 * GRID_PX)
        outer.addStretch(2)
        outer.addWidget(block)
        outer.setAlignment(block, Qt.AlignmentFlag.AlignHCenter)
        outer.addStretch(3)

    def _button(self, intent: str, icon: str, text: str, *, large: bool = False) -> Button:
        role = "primary" if large else ""
        button = Button(self._theme, text, icon=icon, role=role, on_click=lambda: self.intent.emit(intent))
        if large:
            button.setMinimumHeight(7 * GRID_PX)
            button.setFont(self._theme.font(2.0, bold=True))
        return button

    def _recent_button(self, path: str, label: str) -> Button:
        metrics = self.fontMetrics()
        shown = metrics.elidedText(label, Qt.TextElideMode.ElideMiddle, 480).replace("&", "&&")
        button = Button(self._theme, shown, role="quiet", on_click=lambda: self.path_picked.emit(path))
        button.setToolTip(plain_tip(path))
        return button


def _open_example() -> str:
    return QCoreApplication.translate("Welcome", "See a finished run")


def _train_it_yourself() -> str:
    return QCoreApplication.translate("Welcome", "Train it yourself")


def _folder_hint() -> str:
    return QCoreApplication.translate(
        "Welcome", "A folder of images has one sub-folder for each class: photos/cat, photos/dog, …"
    )
