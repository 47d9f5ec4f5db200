"""A line of plain text that ends in an ellipsis where the room ends, and shows all of itself as a tooltip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme


class ElidedLabel(QWidget):
    """Painted, never parsed: a class called `<b>` is shown as it is written."""

    def __init__(
        self,
        theme: Theme,
        colour: str = "text",
        *,
        delta: float = 0.0,
        bold: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._colour = colour
        self._delta = delta
        self._bold = bold
        self._text = self._more = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._restyle()
        theme.changed.connect(self._restyle)

    def text(self) -> str:
        return self._text

    def set_text(self, text: str) -> None:
        if text == self._text:
            return
        # Each request lays the whole window out anew, and a number that counts is no longer than the last one.
        is_other = self._takes_its_width() and self._advance(text) != self._advance(self._text)
        self._text = text
        self.setAccessibleName(text)
        self._set_tip()
        if is_other:
            self.updateGeometry()
        self.update()

    def set_tip(self, more: str) -> None:
        """What is to be known beyond the text."""
        self._more = more
        self._set_tip()

    def set_colour(self, colour: str) -> None:
        self._colour = colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._advance(self._text) + 1, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_tip()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self._theme.colour(self._colour))
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, self.width())
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(self.rect(), align | Qt.TextFlag.TextSingleLine, text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()

    def _advance(self, text: str) -> int:
        return self.fontMetrics().horizontalAdvance(text)

    def _takes_its_width(self) -> bool:
        return self.sizePolicy().horizontalPolicy() is not QSizePolicy.Policy.Ignored

    def _restyle(self) -> None:
        self.setFont(self._theme.font(self._delta, bold=self._bold))
        self.update()

    def _set_tip(self) -> None:
        elided = self._advance(self._text) > self.width()
        # Qt guesses HTML in tooltips: an escaped text is shown as it is written, whatever it looks like.
        shown = [text for text in (self._text if elided else "", self._more) if text]
        self.setToolTip(plain_tip("\n".join(shown)))


def plain_tip(text: str) -> str:
    """`text` as a tooltip that is never parsed as HTML and wraps when it is long."""
    if not text:
        return ""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f"<span>{escaped}</span>"
