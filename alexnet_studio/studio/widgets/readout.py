"""The numbers of the toolbar: a value over its caption, right-aligned, in tabular numerals."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.status import ReadoutView


class Readout(QWidget):
    """Grows with its widest value and does not shrink back, so that live digits do not shake their neighbours."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view = ReadoutView("", "")
        self._widest = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_view(self, view: ReadoutView) -> None:
        if view == self._view:
            return
        if view.caption != self._view.caption:
            self._widest = 0
        self._view = view
        self.setAccessibleName(f"{view.value} {view.caption}".strip())
        wanted = self._text_width()
        if wanted > self._widest:
            self._widest = wanted
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        value, caption = self._metrics()
        return QSize(self._widest, value.height() + caption.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        value, caption = self._metrics()
        right = Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine
        painter.setFont(self._theme.font(2.0, bold=True))
        painter.setPen(self._theme.colour("text"))
        painter.drawText(QRect(0, 0, self.width(), value.height()), right, self._view.value)
        painter.setFont(self._theme.font(-1.0))
        painter.setPen(self._theme.colour("quiet"))
        painter.drawText(QRect(0, value.height(), self.width(), caption.height()), right, self._view.caption)

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics]:
        return QFontMetrics(self._theme.font(2.0, bold=True)), QFontMetrics(self._theme.font(-1.0))

    def _text_width(self) -> int:
        value, caption = self._metrics()
        return (
            max(value.horizontalAdvance(self._view.value), caption.horizontalAdvance(self._view.caption)) + 2
        )


class ReadoutStrip(QWidget):
    """A row of readouts, right-aligned."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._readouts: list[Readout] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(4 * GRID_PX)
        self._row.addStretch(1)

    def show_view(self, views: tuple[ReadoutView, ...]) -> None:
        while len(self._readouts) < len(views):
            readout = Readout(self._theme, self)
            self._readouts.append(readout)
            self._row.addWidget(readout)
        for index, readout in enumerate(self._readouts):
            readout.setVisible(index < len(views))
            if index < len(views):
                readout.show_view(views[index])
