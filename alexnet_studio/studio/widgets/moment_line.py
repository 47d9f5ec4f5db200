"""The upright line over a plot that is dragged to an earlier moment, with the handle on the x axis that it hangs on."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.plot_engine import Plot

_GRAB_PX = 5
_REACH_PX = 4  # nearer than this the end of an epoch counts
_STRIP_PX = 20  # below the curves, where the axis is written
_FRAME_MS = 16
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class MomentLine(QObject):
    """`picked` carries a place on the x axis and how near an epoch's end must be to count, at most once a frame;
    `stepped` how many epochs on; `left` says that the newest moment is wanted.
    """

    picked = Signal(float, float)
    stepped = Signal(int)
    left = Signal()

    def __init__(self, plot: Plot, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._plot = plot
        self._theme = theme
        self._place: float | None = None
        self._is_now = True
        self._dragged_to: QPointF | None = None
        self._is_dragged = False
        self._line = plot.add_ticks()
        self._handle = plot.add_handle()
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(_FRAME_MS)
        self._frame.timeout.connect(self._announce)
        plot.view.installEventFilter(self)
        plot.on_resized(self.redraw)
        self.restyle()

    def set_place(self, place: float | None, *, is_now: bool) -> None:
        """None hides it. At the newest moment it is a handle only."""
        if (place, is_now) != (self._place, self._is_now):
            self._place, self._is_now = place, is_now
            self.redraw()
            self.restyle()

    def redraw(self) -> None:
        """After the axes have moved."""
        low, high = self._plot.y_range()
        left, right = self._plot.x_range()
        shown = self._place is not None and left <= self._place <= right
        self._line.set_visible(shown and not self._is_now)
        self._handle.set_visible(shown)
        if self._place is not None and shown:
            self._line.set_places(np.array([self._place]), low, high)
            self._handle.set_place(self._place, low)

    def restyle(self) -> None:
        colour = self._theme.colour("quiet" if self._is_now else "accent")
        self._line.set_look(colour, 1.5)
        self._handle.set_look(colour)

    def takes(self, event: QEvent) -> bool:
        """Whether `event` of the viewport belongs to the line."""
        if isinstance(event, QHelpEvent):
            return self._show_tip(event)
        if self._place is None or not isinstance(event, QMouseEvent):
            return False
        kind = event.type()
        is_left = event.button() is Qt.MouseButton.LeftButton
        if kind is QEvent.Type.MouseButtonPress and is_left and self.is_at(event.position()):
            self._is_dragged = True
            self._plot.view.setFocus(Qt.FocusReason.MouseFocusReason)
            self._drag(event.position())
            self._announce()
            return True
        if not self._is_dragged:
            if kind is QEvent.Type.MouseMove:
                self._show_cursor(event.position())
            return False
        if kind is QEvent.Type.MouseMove:
            self._drag(event.position())
        elif kind is QEvent.Type.MouseButtonRelease:
            self._is_dragged = False
            self._announce()
        return True

    def is_at(self, position: QPointF) -> bool:
        """Whether a press there takes hold of it: on the line, or on the axis."""
        area = self._plot.area()
        if not area.left() - _GRAB_PX <= position.x() <= area.right() + _GRAB_PX:
            return False
        if area.bottom() - _GRAB_PX < position.y() <= area.bottom() + _STRIP_PX:
            return True
        on_line = self._place is not None and not self._is_now and area.top() <= position.y() <= area.bottom()
        return on_line and abs(self._plot.x_at(position) - (self._place or 0.0)) <= self._reach(_GRAB_PX)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._place is not None:
            key = Qt.Key(event.key())
            if key in _STEPS:
                self.stepped.emit(_STEPS[key])
                return True
            if key in {Qt.Key.Key_End, Qt.Key.Key_Escape} and not self._is_now:
                self.left.emit()
                return True
        return super().eventFilter(watched, event)

    def _drag(self, position: QPointF) -> None:
        area = self._plot.area()
        self._dragged_to = QPointF(max(position.x(), area.left()), area.center().y())
        if not self._frame.isActive():
            self._frame.start()

    def _announce(self) -> None:
        """The last place of a frame: what follows is slower than a mouse."""
        self._frame.stop()
        position, self._dragged_to = self._dragged_to, None
        if position is not None:
            self.picked.emit(self._plot.x_at(position), self._reach(_REACH_PX))

    def _reach(self, pixels: float) -> float:
        low, high = self._plot.x_range()
        return pixels * (high - low) / max(1.0, self._plot.area().width())

    def _show_cursor(self, position: QPointF) -> None:
        viewport = self._plot.view.viewport()
        if self.is_at(position):
            viewport.setCursor(Qt.CursorShape.SizeHorCursor)
        else:
            viewport.unsetCursor()

    def _show_tip(self, event: QHelpEvent) -> bool:
        if self._place is None or not self.is_at(QPointF(event.pos())):
            return False
        text = QCoreApplication.translate(
            "Moment",
            "Drag to see film, confusion and pinned images at an earlier epoch; ← and → go from epoch to epoch, "
            "Esc back to now.",
        )
        QToolTip.showText(event.globalPos(), plain_tip(text), self._plot.view.viewport())
        return True
