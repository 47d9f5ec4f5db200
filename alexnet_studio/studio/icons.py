"""The icons of `resources/icons`, drawn in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from alexnet_studio.ground import places

_DRAWN_IN = "#8a8f92"  # the one colour of the files: a mid grey that can also be shown untinted in both modes
_SIDES_PX = (16, 24, 32, 48)


def tinted_icon(name: str, colour: str, disabled: str) -> QIcon:
    """An icon for all usual sizes and screen scales. Raises `FileNotFoundError` for a name that does not exist."""
    drawing = (places.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    icon = QIcon()
    for mode, tint in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled)):
        renderer = QSvgRenderer(QByteArray(drawing.replace(_DRAWN_IN, tint).encode("utf-8")))
        for side in _SIDES_PX:
            icon.addPixmap(_rendered(renderer, side), mode)
    return icon


def _rendered(renderer: QSvgRenderer, side: int) -> QPixmap:
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return pixmap
