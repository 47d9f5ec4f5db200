"""Qt's own messages on standard error, without those that tell a person nothing."""

from __future__ import annotations

import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

# What the platforms without a screen say of each window that is shown.
_EMPTY = "This plugin does not support propagateSizeHints()"


def quieten() -> None:
    qInstallMessageHandler(_show)


def _show(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    if text != _EMPTY:
        sys.stderr.write(text + "\n")
