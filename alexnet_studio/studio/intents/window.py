"""What concerns the window alone: workspaces, theme, layout, closing, about. Kept between sessions by `Memory`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from alexnet_studio.studio.actions import PANELS
from alexnet_studio.studio.controller import Controller
from alexnet_studio.studio.dialogs import WindowDialogs
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.pages import Pages
from alexnet_studio.studio.palette import CommandPalette
from alexnet_studio.studio.state.window import Workspace
from alexnet_studio.studio.theme import Mode, Theme

_MODES: tuple[Mode, ...] = ("system", "light", "dark")


@dataclass(frozen=True)
class WindowParts:
    """What a window is made of, as far as its own intents act on it."""

    window: QMainWindow
    pages: Pages
    controller: Controller
    dialogs: WindowDialogs
    commands: dict[str, QAction]
    theme: Theme
    memory: Memory
    dialogs_beside: Mapping[str, Callable[[], None]]  # by the action that opens one


class WindowIntents:
    def __init__(self, parts: WindowParts) -> None:
        self._window, self._pages, self._theme = parts.window, parts.pages, parts.theme
        self._controller, self._memory = parts.controller, parts.memory
        self._dialogs, self._commands = parts.dialogs, parts.commands
        self._state = parts.controller.state
        self._actions: dict[str, Callable[[], object]] = {
            "quit": self._window.close,
            "reset_layout": self._reset_layout,
            **parts.dialogs_beside,
            "palette": lambda: CommandPalette(self._commands, self._window).open(),
            "shortcuts": self._shortcuts,
            "about": lambda: self._dialogs.about(", ".join(device.name for device in self._state.devices)),
            **{f"theme_{mode}": lambda mode=mode: self._set_theme(mode) for mode in _MODES},
            **{
                f"workspace_{space.value}": lambda space=space: self._set_workspace(space)
                for space in Workspace
            },
            **{f"show_{name}": lambda name=name: self._pages.docks.show_panel(name) for name in PANELS},
        }

    def act(self, name: str) -> bool:
        """Whether `name` is one of the window's own actions."""
        action = self._actions.get(name)
        if action is None:
            return False
        action()
        self._controller.refresh()
        return True

    def restore(self) -> None:
        """Geometry and layout of the last session. Off-screen geometry is put right by Qt itself."""
        window = self._window
        window.resize(1440, 900)
        window.restoreGeometry(self._memory.bytes("geometry"))
        space = self._memory.text(
            "workspace", Workspace.TRAIN.value, tuple(space.value for space in Workspace)
        )
        self._state.workspace = Workspace(space)
        self._state.theme = self._theme.mode

    def may_close(self) -> bool:
        """While training: ask first, and close once it is saved."""
        run = self._state.run
        if run is not None and run.live:
            if not self._state.closing:
                self._dialogs.confirm_stop(run.path.name, self.stop_and_close)
            return False
        self._memory.set_bytes("geometry", self._window.saveGeometry())
        self._memory.set_bytes("layout", self._pages.saved_layout())
        return True

    def stop_and_close(self) -> None:
        """Also what a signal from outside (Ctrl+C, a session's end) asks for."""
        run = self._state.run
        if run is None or not run.live:
            self._window.close()
            return
        self._state.closing = True
        self._controller.settle(self._controller.trainings.stop)

    def _set_theme(self, mode: Mode) -> None:
        self._state.theme = mode
        self._memory.keep_text("theme", mode)
        self._theme.set_mode(mode)

    def _set_workspace(self, space: Workspace) -> None:
        self._state.workspace = space
        self._memory.keep_text("workspace", space.value)
        self._pages.docks.show_workspace(space, anew=True)

    def _reset_layout(self) -> None:
        self._pages.docks.show_workspace(self._state.workspace, anew=True)

    def _shortcuts(self) -> None:
        rows = (
            (
                action.text().replace("&", ""),
                action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
            )
            for action in self._commands.values()
        )
        self._dialogs.shortcuts(tuple((text, keys) for text, keys in rows if keys))


def stored_mode(memory: Memory) -> Mode:
    return cast("Mode", memory.text("theme", "system", _MODES))
