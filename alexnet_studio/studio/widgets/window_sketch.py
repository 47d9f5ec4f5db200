"""A layer's input with its padding, and the window that slides over it: the pointer or the arrow keys move it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.example import WindowSketchView

_SIDE_PX = 170
_TEXT_PX = 34
_MARGIN_PX = 6


class WindowSketch(QWidget):
    """The window of output (row, column) lies dark on the input; the next one, a stride further, is outlined."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._view: WindowSketchView | None = None
        self._at = (0, 0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_view(self, view: WindowSketchView | None) -> None:
        if view != self._view:
            self._view = view
            self._at = (0, 0)
            self.update()
        self.setVisible(view is not None)

    def at(self) -> tuple[int, int]:
        """The output whose window is shown: row and column."""
        return self._at

    def caption(self) -> str:
        view = self._view
        if view is None:
            return ""
        row, column = self._at
        text = QCoreApplication.translate(
            "Example", "{layer}: window {row}, {column} of {count} × {count} sees rows {top} to {bottom}"
        )
        top = row * view.stride - view.before
        return text.format(
            layer=view.layer,
            row=row + 1,
            column=column + 1,
            count=view.outputs,
            top=top,
            bottom=top + view.kernel - 1,
        )

    def sizeHint(self) -> QSize:
        return QSize(_SIDE_PX + 2 * _MARGIN_PX, _SIDE_PX + 2 * _MARGIN_PX + _TEXT_PX)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        view = self._view
        if view is not None:
            self._move(self._output(event.position().y()), self._output(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._move(self._at[0] + step[0], self._at[1] + step[1])

    def paintEvent(self, _event: QPaintEvent) -> None:
        view = self._view
        if view is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = self._scale(view)
        whole = view.before + view.side + view.behind
        painter.setPen(QPen(self._theme.colour("line"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(self._theme.colour("sunken"))
        painter.drawRect(QRectF(_MARGIN_PX, _MARGIN_PX, whole * scale, whole * scale))
        painter.setPen(QPen(self._theme.colour("quiet"), 1))
        painter.setBrush(self._theme.colour("raised"))
        painter.drawRect(self._square(view, view.before, view.before, view.side))
        row, column = self._at
        following = column + 1 if column + 1 < view.outputs else column - 1
        painter.setPen(QPen(self._theme.colour("accent_weak"), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if 0 <= following < view.outputs:
            painter.drawRect(self._window(view, row, following))
        painter.setPen(QPen(self._theme.colour("accent"), 1.6))
        painter.setBrush(self._theme.colour("accent", 0.25))
        painter.drawRect(self._window(view, row, column))
        painter.setPen(self._theme.colour("quiet"))
        painter.setFont(self._theme.font(-1.5))
        place = QRectF(0, _SIDE_PX + 2 * _MARGIN_PX, self.width(), _TEXT_PX)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.caption())

    def _scale(self, view: WindowSketchView) -> float:
        return _SIDE_PX / max(1, view.before + view.side + view.behind)

    def _square(self, view: WindowSketchView, row: int, column: int, side: int) -> QRectF:
        scale = self._scale(view)
        corner = QPointF(_MARGIN_PX + column * scale, _MARGIN_PX + row * scale)
        # A window of one pixel on a large map would not be seen.
        drawn = max(2.0, side * scale)
        return QRectF(corner.x(), corner.y(), drawn, drawn)

    def _window(self, view: WindowSketchView, row: int, column: int) -> QRectF:
        return self._square(view, row * view.stride, column * view.stride, view.kernel)

    def _output(self, pixel: float) -> int:
        """The output whose window's middle is nearest."""
        view = self._view
        if view is None:
            return 0
        return round(((pixel - _MARGIN_PX) / self._scale(view) - view.kernel / 2) / view.stride)

    def _move(self, row: int, column: int) -> None:
        last = 0 if self._view is None else self._view.outputs - 1
        at = (min(max(row, 0), last), min(max(column, 0), last))
        if at != self._at:
            self._at = at
            self.update()
