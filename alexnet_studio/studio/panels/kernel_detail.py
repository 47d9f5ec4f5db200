"""One kernel shown large: its number, its tower, its values."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views import KernelDetail
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.enlarged_tile import EnlargedTile
from alexnet_studio.studio.widgets.value_grid import ValueGrid

_FACTS_PX = 20 * GRID_PX


class KernelDetailView(QWidget):
    """The tile with its facts beside it, and the numbers of one channel below."""

    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._detail: KernelDetail | None = None
        self._channel = 0
        self.title = ElidedLabel(theme, bold=True)
        self.tile = EnlargedTile(theme)
        self.tile.setAccessibleName(QCoreApplication.translate("Kernels", "The kernel, enlarged"))
        self.values = ValueGrid(theme)
        self.facts: list[tuple[ElidedLabel, ElidedLabel]] = []
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(GRID_PX)
        self._facts.setVerticalSpacing(GRID_PX // 2)
        self._facts.setColumnStretch(1, 1)
        self._channels = QButtonGroup(self)
        self._channels.idClicked.connect(self._on_channel_clicked)
        self._channel_row = QHBoxLayout()
        self._channel_row.setSpacing(GRID_PX // 2)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()

    def show_view(self, detail: KernelDetail | None) -> None:
        self._detail = detail
        self.setVisible(detail is not None)
        if detail is None:
            return
        self.title.set_text(detail.title)
        self.tile.set_tile(detail.tile, detail.values)
        self._show_facts(detail)
        self._show_channels(detail.values.shape[0])
        self._show_values()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= self.tile.sizeHint().width() + _FACTS_PX
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        self._top.setDirection(direction)

    def _lay_out(self) -> None:
        beside = QVBoxLayout()
        beside.setSpacing(GRID_PX // 2)
        beside.addWidget(self.title)
        beside.addLayout(self._facts)
        beside.addSpacing(GRID_PX)
        beside.addLayout(self._channel_row)
        beside.addStretch(1)
        top = self._top
        top.setSpacing(2 * GRID_PX)
        top.addWidget(self.tile, 0)
        top.addLayout(beside, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self.values)

    def _show_facts(self, detail: KernelDetail) -> None:
        while len(self.facts) < len(detail.facts):
            pair = (ElidedLabel(self._theme, "quiet"), ElidedLabel(self._theme))
            row = len(self.facts)
            self._facts.addWidget(pair[0], row, 0)
            self._facts.addWidget(pair[1], row, 1)
            self.facts.append(pair)
        metrics = self.title.fontMetrics()
        longest = max((metrics.horizontalAdvance(name) for name, _ in detail.facts), default=0)
        self._facts.setColumnMinimumWidth(0, longest + GRID_PX)
        for index, (name, value) in enumerate(self.facts):
            shown = detail.facts[index] if index < len(detail.facts) else ("", "")
            name.set_text(shown[0])
            value.set_text(shown[1])

    def _show_channels(self, count: int) -> None:
        if len(self._channels.buttons()) == count:
            return
        for button in self._channels.buttons():
            self._channels.removeButton(button)
            button.deleteLater()
        for index in range(count):
            button = Button(self._theme, _channel_name(index, count), role="quiet")
            button.setCheckable(True)
            self._channels.addButton(button, index)
            self._channel_row.addWidget(button)
        self._channel_row.addStretch(1)
        self._channel = 0
        self._channels.button(0).setChecked(True)

    def _on_channel_clicked(self, channel: int) -> None:
        self._channel = channel
        self._show_values()

    def _show_values(self) -> None:
        if self._detail is not None:
            self.values.set_values(self._detail.values[self._channel])


def _channel_name(index: int, count: int) -> str:
    if count != 3:
        return str(index + 1)
    return (
        QCoreApplication.translate("Kernels", "red"),
        QCoreApplication.translate("Kernels", "green"),
        QCoreApplication.translate("Kernels", "blue"),
    )[index]
