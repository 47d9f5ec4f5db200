"""One run of the application: Qt's event loop, signals from outside, errors that nobody foresaw."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType, TracebackType

from PySide6.QtCore import QSettings, QSocketNotifier, QTemporaryDir, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from alexnet_studio import __version__
from alexnet_studio.ground import places
from alexnet_studio.ground.freed_memory import keep_freed_memory
from alexnet_studio.studio import wording
from alexnet_studio.studio.deference import switch_often
from alexnet_studio.studio.intents.window import stored_mode
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.qt_messages import quieten
from alexnet_studio.studio.state.window import Notice
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window

_log = logging.getLogger(__name__)


class Session:
    """`keep_settings` False leaves the person's settings alone and starts from the defaults."""

    def __init__(self, *, keep_settings: bool = True) -> None:
        keep_freed_memory()  # before there are threads that learn
        quieten()
        self._app = QApplication(sys.argv[:1])
        self._app.setApplicationName("alexnet-studio")
        self._app.setApplicationDisplayName("AlexNet Studio")
        self._app.setApplicationVersion(__version__)
        self._app.setDesktopFileName("alexnet-studio")
        icon = places.resources() / "icons" / "app.svg"
        if icon.exists():
            self._app.setWindowIcon(QIcon(str(icon)))
        self._temporary = QTemporaryDir()
        settings = (
            places.data() / "window.ini" if keep_settings else Path(self._temporary.filePath("window.ini"))
        )
        memory = Memory(QSettings(str(settings), QSettings.Format.IniFormat))
        theme = Theme(stored_mode(memory), self._app)
        theme.apply(self._app)
        self._exit_code = 0
        self.window = Window(theme, memory)
        self.window.painted.connect(self._on_painted)
        self._waiting: list[Callable[[], None]] = []

    def when_painted(self, then: Callable[[], None]) -> None:
        self._waiting.append(then)

    def run(self) -> int:
        """Until the window is closed. A signal from outside stops, saves and gives 128 + its number."""
        _keep_log()
        switch_often()
        previous = sys.excepthook
        sys.excepthook = self._on_unforeseen
        try:
            with _outside_signals(self._on_signal):
                self.window.show()
                code = self._app.exec()
        finally:
            sys.excepthook = previous
            self.window.controller.close()
        return self._exit_code or code

    def leave(self, code: int) -> None:
        self._exit_code = code
        self.window.close()

    def _on_painted(self) -> None:
        """What is slow to import: drawn first, imported after."""
        QTimer.singleShot(0, self.window, self._warm_up)

    def _warm_up(self) -> None:
        self.window.panels.training.build_curves()
        for then in self._waiting:
            then()
        self.window.controller.warming.begin()
        self.window.controller.queue.remind()

    def _on_signal(self, number: int) -> None:
        self._exit_code = 128 + number
        self.window.stop_and_close()

    def _on_unforeseen(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """An exception in a slot: the app stays alive, one line says so, the log has the rest."""
        _log.error("unforeseen", exc_info=(kind, error, trace))
        state = self.window.controller.state
        text = f"{kind.__name__}: {error}"
        state.notice = Notice(wording.unforeseen(text), is_error=True)
        with contextlib.suppress(Exception):  # the view itself may be what fails
            self.window.controller.refresh()


@contextlib.contextmanager
def _outside_signals(received: Callable[[int], None]):
    """Ctrl+C and SIGTERM reach Python only between its own instructions, and Qt's loop has none: a socket wakes it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    reader, writer = socket.socketpair()
    reader.setblocking(False)
    writer.setblocking(False)
    notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read)

    def on_readable() -> None:
        for number in reader.recv(64):
            received(number)

    notifier.activated.connect(on_readable)
    numbers = [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.signal(number, _ignore) for number in numbers}
    wakeup = signal.set_wakeup_fd(writer.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        reader.close()
        writer.close()


def _ignore(_number: int, _frame: FrameType | None) -> None:
    """The number arrives through the socket; without a handler of Python's the process would end at once."""


def _keep_log() -> None:
    """Where the window's own errors are kept; without a place for it there is no log, and nothing else changes."""
    try:
        places.data().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            places.data() / "log.txt", maxBytes=500_000, backupCount=1, encoding="utf-8", delay=True
        )
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger("alexnet_studio").addHandler(handler)
