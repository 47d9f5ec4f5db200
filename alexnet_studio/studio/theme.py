"""The look of the window: palette, font, style sheet and tinted icons, switched live between light and dark."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from alexnet_studio.studio.colours import DARK, LIGHT, Colours
from alexnet_studio.studio.icons import tinted_icon
from alexnet_studio.studio.style_sheet import style_sheet

__all__ = ["GRID_PX", "Colours", "Mode", "Theme"]

Mode = Literal["system", "light", "dark"]
GRID_PX = 8  # every margin and gap is a multiple, or half, of this

# Behind the platform's own font, for systems whose fallback would pick a Japanese face for Chinese text.
_CHINESE = (
    "Microsoft YaHei UI",
    "PingFang SC",
    "Hiragino Sans GB",
    "Noto Sans CJK SC",
    "WenQuanYi Micro Hei",
)


class Theme(QObject):
    """One for the application. Widgets read `colours` when they paint and repaint on `changed`."""

    changed = Signal()

    def __init__(self, mode: Mode = "system", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mode: Mode = mode
        self._app: QApplication | None = None
        self._colours = _colours_of(mode)
        self._font = QFont()

    @property
    def colours(self) -> Colours:
        return self._colours

    @property
    def mode(self) -> Mode:
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        if mode != self._mode:
            self._mode = mode
            self._request_scheme()
            self._refresh()

    def apply(self, app: QApplication) -> None:
        """Dress `app`, and follow the system's light and dark from now on while the mode is "system"."""
        self._app = app
        app.setStyle("Fusion")
        self._font = _interface_font()
        app.setFont(self._font)
        self._request_scheme()
        app.styleHints().colorSchemeChanged.connect(self._refresh)
        self._dress(app)
        self.changed.emit()

    def font(self, delta: float = 0.0, *, bold: bool = False) -> QFont:
        """The interface's font with tabular numerals, `delta` points larger or smaller."""
        font = QFont(self._font)
        font.setPointSizeF(max(6.0, font.pointSizeF() + delta))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font

    def icon(self, name: str) -> QIcon:
        """`resources/icons/<name>.svg` in the text's colour, faint when disabled, light on an accent button."""
        return tinted_icon(name, self._colours.text, self._colours.faint)

    def accent_icon(self, name: str) -> QIcon:
        """The same icon for a button that is filled with the accent colour."""
        return tinted_icon(name, self._colours.on_accent, self._colours.faint)

    def colour(self, name: str, alpha: float = 1.0) -> QColor:
        """A colour by its field name, for painting."""
        colour = QColor(getattr(self._colours, name))
        colour.setAlphaF(alpha)
        return colour

    def run_colour(self, number: int) -> QColor:
        """Of a run among several; the ninth looks like the first."""
        return QColor(self._colours.runs[number % len(self._colours.runs)])

    def faint(self, colour: QColor) -> QColor:
        """`colour` with more of the paper in it than of itself, for what stands behind: opaque, so that a line that
        crosses itself stays even.
        """
        paper = self.colour("raised")
        red, green, blue = (
            round(0.3 * own + 0.7 * ground)
            for own, ground in (
                (colour.red(), paper.red()),
                (colour.green(), paper.green()),
                (colour.blue(), paper.blue()),
            )
        )
        return QColor(red, green, blue)

    def _request_scheme(self) -> None:
        # Title bars and file dialogs follow this where the platform can; our own palette does the rest,
        # because it does nothing on offscreen, minimal and vnc.
        schemes = {
            "system": Qt.ColorScheme.Unknown,
            "light": Qt.ColorScheme.Light,
            "dark": Qt.ColorScheme.Dark,
        }
        QGuiApplication.styleHints().setColorScheme(schemes[self._mode])

    def _refresh(self) -> None:
        colours = _colours_of(self._mode)
        if colours is self._colours:
            return
        self._colours = colours
        if self._app is not None:
            self._dress(self._app)
        self.changed.emit()

    def _dress(self, app: QApplication) -> None:
        app.setPalette(_palette(self._colours))
        app.setStyleSheet(style_sheet(self._colours, self.font(-1.0).pointSizeF()))


def _colours_of(mode: Mode) -> Colours:
    if mode == "system":
        dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if mode == "dark" else LIGHT


def _interface_font() -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setFamilies([font.family(), *_CHINESE])
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def _palette(colours: Colours) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(colours.ground))
    for name, value in (
        (role.Window, colours.raised),
        (role.WindowText, colours.text),
        (role.Base, colours.raised),
        (role.AlternateBase, colours.sunken),
        (role.Text, colours.text),
        (role.Button, colours.raised),
        (role.ButtonText, colours.text),
        (role.PlaceholderText, colours.quiet),
        (role.ToolTipBase, colours.raised),
        (role.ToolTipText, colours.text),
        (role.Highlight, colours.accent_soft),
        (role.HighlightedText, colours.text),
        (role.Accent, colours.accent),
        (role.Link, colours.accent),
        (role.BrightText, colours.bad),
        (role.Mid, colours.line),
        (role.Midlight, colours.line),
        (role.Dark, colours.line),
        (role.Shadow, colours.line),
        (role.Light, colours.raised),
    ):
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(colours.faint))
    return palette
