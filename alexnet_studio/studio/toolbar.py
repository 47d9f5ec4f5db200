"""The line above the panels: folder and network, Start or wait, Pause or Resume, Stop, and the numbers of the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.recipe import NetworkChoice
from alexnet_studio.studio.views.window import WindowView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.readout import ReadoutStrip

_NAME_LONGEST = 28
_ROOM_FOR_QUEUE_PX = 960  # in less the numbers of the run would leave, and the menu has it, too


class ToolBar(QToolBar):
    """Its buttons trigger the menus' own actions."""

    recent_picked = Signal(str)
    network_picked = Signal(str)

    def __init__(self, theme: Theme, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(QCoreApplication.translate("ToolBar", "Tools"), parent)
        self.setObjectName("toolbar")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._actions = actions
        self._networks: tuple[NetworkChoice, ...] = ()
        self._recent: tuple[tuple[str, str], ...] | None = None
        self.folder = self._menu_button(QCoreApplication.translate("ToolBar", "Folder"))
        self.network = self._menu_button(QCoreApplication.translate("ToolBar", "Network"))
        self.start = Button(theme, icon="play", role="primary", on_click=actions["start"].trigger)
        self.pause = Button(theme, icon="pause", on_click=actions["pause"].trigger)
        self.resume = Button(theme, icon="resume", on_click=actions["resume"].trigger)
        self.stop = Button(theme, icon="stop", on_click=actions["stop"].trigger)
        self.queue = Button(
            theme,
            QCoreApplication.translate("ToolBar", "Add to queue"),
            on_click=actions["queue_add"].trigger,
        )
        self._shown = {
            button: self.addWidget(button)
            for button in (self.start, self.queue, self.pause, self.resume, self.stop)
        }
        self._readouts = ReadoutStrip(theme)
        self._readouts.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(self._readouts)

    def show_view(self, view: WindowView) -> None:
        self.folder.setText(_plain(view.folder) or QCoreApplication.translate("ToolBar", "Open"))
        recipe = view.training.recipe
        self.network.setText(_plain(recipe.network) or QCoreApplication.translate("ToolBar", "Network"))
        self.network.setEnabled(recipe.enabled and bool(recipe.networks))
        self._show_buttons(view)
        self._readouts.show_view(view.readouts)
        if recipe.networks != self._networks:
            self._networks = recipe.networks
            entries = [(f"{choice.name} – {choice.title}", choice.name) for choice in recipe.networks]
            _fill(self.network.menu(), entries, self.network_picked.emit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shown[self.queue].setVisible(self.width() >= _ROOM_FOR_QUEUE_PX)

    def show_recent(self, recent: tuple[tuple[str, str], ...]) -> None:
        if recent == self._recent:
            return
        self._recent = recent
        menu = self.folder.menu()
        menu.clear()
        for name in ("open_folder", "open_run", "open_example", "train_sample"):
            menu.addAction(self._actions[name])
        menu.addSeparator()
        for path, label in recent:
            menu.addAction(_plain(label)).triggered.connect(
                lambda _=False, path=path: self.recent_picked.emit(path)
            )

    def _show_buttons(self, view: WindowView) -> None:
        training = view.training
        for button, state in (
            (self.start, training.start),
            (self.pause, training.pause),
            (self.resume, training.resume),
            (self.stop, training.stop),
            (self.queue, view.queue.add),
        ):
            button.set_state(enabled=state.enabled, text=state.text, tip=state.tip)
        # One place for both: there is never something to pause and something to resume.
        self._shown[self.resume].setVisible(training.resume.enabled)
        self._shown[self.pause].setVisible(not training.resume.enabled)

    def _menu_button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setProperty("role", "button")
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setMenu(QMenu(button))
        self.addWidget(button)
        return button


def _fill(menu: QMenu, entries: Sequence[tuple[str, str]], picked: Callable[[str], None]) -> None:
    menu.clear()
    for text, name in entries:
        menu.addAction(text.replace("&", "&&")).triggered.connect(lambda _=False, name=name: picked(name))


def _plain(text: str) -> str:
    """Without mnemonics, and short: a folder's name can be anything."""
    cut = text if len(text) <= _NAME_LONGEST else f"{text[: _NAME_LONGEST - 1]}…"
    return cut.replace("&", "&&")
