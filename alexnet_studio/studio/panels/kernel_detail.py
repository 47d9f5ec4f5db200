"""One kernel shown large: its number, its tower, its values."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QButtonGroup, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.kernels import KernelDetail
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.enlarged_tile import EnlargedTile
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.picture_strip import PictureStrip
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.value_grid import ValueGrid

_FACTS_PX = 20 * GRID_PX
_TILE_PX, _MOSAIC_PX, _ANSWER_PX = 176, 264, 160


class KernelDetailView(QWidget):
    """The tile with its facts beside it, and the numbers of one channel below."""

    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._detail: KernelDetail | None = None
        self._channel = 0
        self.title = ElidedLabel(theme, bold=True)
        self.tile = EnlargedTile(theme, _TILE_PX)
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
        self.remark = PlainLabel(theme, "quiet")
        self.apply = Button(theme, role="quiet", on_click=lambda: self.intent.emit("apply_kernel"))
        self.apply_to = Button(theme, role="quiet", on_click=lambda: self.intent.emit("apply_kernel_to"))
        self.answer = PictureStrip(theme, _ANSWER_PX)
        self._top = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()

    def show_view(self, detail: KernelDetail | None) -> None:
        self._detail = detail
        self.setVisible(detail is not None)
        if detail is None:
            return
        self.title.set_text(detail.title)
        self.tile.set_side(_MOSAIC_PX if detail.remark else _TILE_PX)
        self.tile.set_tile(detail.tile, detail.under)
        self.remark.set_text(detail.remark)
        for button, view in ((self.apply, detail.apply), (self.apply_to, detail.apply_to)):
            button.set_state(enabled=view.enabled, text=view.text, tip=view.tip)
        self.answer.setVisible(detail.answer is not None)
        if detail.answer is not None:
            self.answer.show_pictures(detail.answer, detail.captions)
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
        asking = QWidget()
        buttons = FlowLayout(GRID_PX, asking)
        buttons.addWidget(self.apply)
        buttons.addWidget(self.apply_to)
        column.addLayout(top)
        column.addWidget(asking)
        column.addWidget(self.answer)
        column.addWidget(self.remark)
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
        count = count if count > 1 else 0
        if len(self._channels.buttons()) == count:
            return
        while self._channel_row.count():
            self._channel_row.takeAt(0)
        for button in self._channels.buttons():
            self._channels.removeButton(button)
            button.deleteLater()
        for index in range(count):
            button = Button(self._theme, _channel_name(index, count), role="quiet")
            button.setCheckable(True)
            self._channels.addButton(button, index)
            self._channel_row.addWidget(button)
        self._channel = 0
        if count:
            self._channel_row.addStretch(1)
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
