"""What every figure and table offers: copy by Ctrl+C, a context menu, and saving in the formats it has."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

_SCALE = 2.0


class FigureActions(QObject):
    """Watches `figure`; `save` is called with a format ("png", "svg", "pdf", "csv") when one is chosen."""

    def __init__(
        self,
        figure: QWidget,
        formats: tuple[str, ...],
        save: Callable[[str], None],
        *,
        text: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(figure)
        self._figure = figure
        self._formats = formats
        self._save = save
        self._text = text
        figure.installEventFilter(self)

    def copy(self) -> None:
        """A table as tab-separated text, a figure as an image at twice its size."""
        if self._text is not None:
            QGuiApplication.clipboard().setText(self._text())
        else:
            QGuiApplication.clipboard().setImage(picture_of(self._figure).toImage())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QContextMenuEvent):
            self._open_menu(event)
            return True
        if (
            event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
        ):
            self.copy()
            return True
        return super().eventFilter(watched, event)

    def menu(self) -> QMenu:
        """Copy, then one entry a format."""
        menu = QMenu(self._figure)
        copied = menu.addAction(
            QCoreApplication.translate("FigureActions", "Copy table")
            if self._text is not None
            else QCoreApplication.translate("FigureActions", "Copy image")
        )
        copied.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        copied.triggered.connect(lambda: self.copy())
        for format_ in self._formats:
            text = QCoreApplication.translate("FigureActions", "Save as {format} …").format(
                format=format_.upper()
            )
            menu.addAction(text).triggered.connect(lambda _=False, chosen=format_: self._save(chosen))
        return menu

    def _open_menu(self, event: QContextMenuEvent) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())


def picture_of(figure: QWidget) -> QPixmap:
    """`figure` as it is painted, at twice the resolution of the screen's logical pixels."""
    pixmap = QPixmap(figure.size() * _SCALE)
    pixmap.setDevicePixelRatio(_SCALE)
    pixmap.fill(figure.palette().window().color())
    figure.render(pixmap)
    return pixmap
