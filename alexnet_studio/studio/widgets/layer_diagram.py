"""Paints a drawing of boxes and links scaled to its room; a click or an arrow key picks a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.diagram_fit import Fit, fit, layer_at, layers_of, placed_labels

if TYPE_CHECKING:
    from alexnet_studio.networks.drawing import Box, Drawing, Link

_MARGIN_PX = 4.0


class LayerDiagram(QWidget):
    """`picked` carries the layer's name; `set_current` lights one up."""

    picked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._drawing: Drawing | None = None
        self._current: str | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumHeight(96)
        theme.changed.connect(self.update)

    def set_drawing(self, drawing: Drawing | None) -> None:
        if drawing != self._drawing:
            self._drawing = drawing
            self.updateGeometry()
            self.update()

    def set_current(self, layer: str | None) -> None:
        if layer != self._current:
            self._current = layer
            self.update()

    def current(self) -> str | None:
        return self._current

    def fit_now(self) -> Fit | None:
        if self._drawing is None:
            return None
        return self._fit_for(self._drawing, self.width(), self.height())

    def heightForWidth(self, width: int) -> int:
        """As high as the drawing needs to fill `width`."""
        if self._drawing is None:
            return self.minimumHeight()
        scale = self._fit_for(self._drawing, width, 10_000).scale
        return int(self._drawing.height * scale + 2 * _MARGIN_PX) + self._line_px()

    def sizeHint(self) -> QSize:
        return QSize(320, 160)

    def paintEvent(self, _event: QPaintEvent) -> None:
        drawing, place = self._drawing, self.fit_now()
        if drawing is None or place is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for link in drawing.links:
            self._paint_link(painter, place, link)
        for box in drawing.boxes:
            self._paint_box(painter, place, box)
        self._paint_labels(painter, drawing, place)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("accent"), 1, Qt.PenStyle.DotLine))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.fit_now()
        if self._drawing is not None and place is not None:
            layer = layer_at(self._drawing, place, event.position().x(), event.position().y())
            if layer is not None:
                self._pick(layer)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or self._drawing is None:
            super().keyPressEvent(event)
            return
        layers = layers_of(self._drawing)
        if layers:
            here = layers.index(self._current) if self._current in layers else -1 if step > 0 else 0
            self._pick(layers[min(max(here + step, 0), len(layers) - 1)])

    def _fit_for(self, drawing: Drawing, width: int, height: int) -> Fit:
        # The towers' names keep their size however small the drawing is: they get their room at the left.
        metrics = QFontMetrics(self._theme.font(-1.0))
        texts = [label.text for label in drawing.labels if label.role in {"tower", "image"}]
        widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
        room = width - 2 * _MARGIN_PX
        tall = height - 2 * _MARGIN_PX - self._line_px()
        first = min((box.x for box in drawing.boxes), default=0.0)
        free = fit(drawing, room, tall)
        inset = max(0.0, widest + _MARGIN_PX - free.dx - first * free.scale)
        return fit(drawing, room - inset, tall, _MARGIN_PX, inset)

    def _line_px(self) -> int:
        """Texts do not shrink: their two lines need room below a small drawing."""
        return QFontMetrics(self._theme.font(-1.0)).height()

    def _pick(self, layer: str) -> None:
        self.set_current(layer)
        self.picked.emit(layer)

    def _paint_labels(self, painter: QPainter, drawing: Drawing, place: Fit) -> None:
        painter.setFont(self._theme.font(-1.0))
        metrics = painter.fontMetrics()
        line = float(metrics.height())
        shown = placed_labels(drawing, place, self.width(), line, metrics.horizontalAdvance, self._current)
        for item in shown:
            lit = bool(item.label.layer) and item.label.layer == self._current
            room = QRectF(item.x, item.y - line / 2, item.width + 1, line)
            if item.label.role in {"tower", "image"}:
                painter.fillRect(room, self._theme.colour("raised", 0.85))
            painter.setPen(self._theme.colour("accent" if lit else "quiet"))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, item.label.text)

    def _paint_link(self, painter: QPainter, place: Fit, link: Link) -> None:
        lit = link.layer == self._current
        colour = "accent" if link.crosses or lit else "faint"
        painter.setPen(QPen(self._theme.colour(colour), 1.6 if lit else 1.0))
        painter.drawLine(QPointF(*place.point(link.x0, link.y0)), QPointF(*place.point(link.x1, link.y1)))

    def _paint_box(self, painter: QPainter, place: Fit, box: Box) -> None:
        lit = box.layer == self._current
        painter.setPen(QPen(self._theme.colour("accent" if lit else "quiet"), 1.4 if lit else 1.0))
        painter.setBrush(QBrush(self._theme.colour("accent_soft" if lit else "raised")))
        for face in place.faces(box):
            painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in face]))
