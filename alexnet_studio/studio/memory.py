"""What the window remembers between sessions: geometry, layout, theme, and what was opened last. Nothing else."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QByteArray, QSettings

_KEPT = 8
_VERSION = 1  # another layout of panels is another number: saved ones are then left aside


class Memory:
    """Settings that may be missing, damaged or written by another version: then the defaults are used."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    def recent(self) -> tuple[Path, ...]:
        stored: Any = self._settings.value("recent", [])
        # A list of one comes back from an INI file as a string.
        names = (
            [stored]
            if isinstance(stored, str)
            else cast("list[Any]", stored if isinstance(stored, list) else [])
        )
        return tuple(Path(name) for name in names[:_KEPT] if isinstance(name, str) and name)

    def remember(self, path: Path) -> tuple[Path, ...]:
        """`path` first, the others behind it."""
        others = [known for known in self.recent() if known != path]
        kept = (path, *others)[:_KEPT]
        self._settings.setValue("recent", [str(known) for known in kept])
        return kept

    def forget_recent(self) -> None:
        self._settings.remove("recent")

    def text(self, key: str, default: str, allowed: tuple[str, ...]) -> str:
        stored: Any = self._settings.value(key, default)
        return stored if isinstance(stored, str) and stored in allowed else default

    def keep_text(self, key: str, text: str) -> None:
        self._settings.setValue(key, text)

    def bytes(self, key: str) -> QByteArray:
        stored: Any = None
        with contextlib.suppress(Exception):  # a damaged file makes QSettings raise while it unpickles
            stored = self._settings.value(f"{key}.{_VERSION}")
        return stored if isinstance(stored, QByteArray) else QByteArray()

    def set_bytes(self, key: str, content: QByteArray) -> None:
        self._settings.setValue(f"{key}.{_VERSION}", content)
