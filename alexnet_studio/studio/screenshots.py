"""The tour that `demo --screenshots` makes: the whole main job in the real window, pictures taken on the way."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.files import as_studio_error, make_folder
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.state.run import Phase
from alexnet_studio.studio.state.window import State, Workspace
from alexnet_studio.studio.window import Window

_LOOK_MS = 100
_SETTLE_MS = 600  # for thumbnails to arrive and layouts to settle
_EPOCHS = 12  # enough to see curves bend and kernels form
_PATIENCE_MS = 15 * 60 * 1000

Step = tuple[Callable[[State], bool], Callable[[], None]]


class Tour(QObject):
    """Each step waits until the window's state is ready for it. `leave` gets the exit code."""

    def __init__(self, window: Window, folder: Path, leave: Callable[[int], None]) -> None:
        super().__init__(window)
        self._window = window
        self._folder = folder
        self._leave = leave
        self._steps: list[Step] = [
            (lambda _: True, self._make_sample),
            (_can_start, self._start_short),
            (_is_indexed, self._ask),
            (_has_answers, self._select),
        ]
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._deadline = QTimer(self)
        self._deadline.setSingleShot(True)
        self._deadline.timeout.connect(lambda: self._fail("The tour took too long."))

    def begin(self) -> None:
        try:
            make_folder(self._folder)
        except StudioError as error:
            self._fail(error.sentence)
            return
        self._window.resize(1440, 900)
        self._deadline.start(_PATIENCE_MS)
        self._timer.start()

    def _look(self) -> None:
        state = self._window.controller.state
        if state.notice is not None and state.notice.is_error:
            self._fail(state.notice.sentence)
        elif self._steps and self._steps[0][0](state):
            self._steps.pop(0)[1]()

    def _make_sample(self) -> None:
        controller = self._window.controller
        controller.settle(lambda: controller.folders.make_sample(train=False))

    def _start_short(self) -> None:
        controller = self._window.controller
        controller.settle(lambda: controller.recipes.edit("epochs", _EPOCHS))
        controller.act("start")

    def _ask(self) -> None:
        self._window.controller.act("from_validation")

    def _select(self) -> None:
        controller = self._window.controller
        chosen = replace(controller.state.selection, label=0, layer="conv1")
        controller.settle(lambda: controller.select(chosen))
        self._timer.stop()
        QTimer.singleShot(_SETTLE_MS, self, self._shoot_window)

    def _shoot_window(self) -> None:
        self._save(self._window, "window")
        self._shoot_panels(
            [
                (Workspace.DATA, ("data", "neighbours")),
                (Workspace.NETWORK, ("architecture",)),
                (Workspace.TRAIN, ("training", "kernels")),
            ]
        )

    def _shoot_panels(self, left: list[tuple[Workspace, tuple[str, ...]]]) -> None:
        """Each in the workspace that gives it room."""
        if not left:
            self._deadline.stop()
            self._leave(0)
            return
        (space, names), rest = left[0], left[1:]
        self._window.commands[f"workspace_{space.value}"].trigger()

        def shoot() -> None:
            panels = self._window.panels.docked()
            for name in names:
                self._save(panels[name], name)
            self._shoot_panels(rest)

        QTimer.singleShot(_SETTLE_MS, self, shoot)

    def _save(self, widget: QWidget, name: str) -> None:
        path = self._folder / f"{name}.png"
        if not widget.grab().save(str(path)):
            self._fail(as_studio_error(OSError(5, "writing the picture failed"), path).sentence)

    def _fail(self, sentence: str) -> None:
        self._timer.stop()
        self._deadline.stop()
        print(sentence, file=sys.stderr)  # noqa: T201
        self._leave(1)


def _can_start(state: State) -> bool:
    return state.setup is not None and state.dataset is not None and not state.progress


def _is_indexed(state: State) -> bool:
    run = state.run
    indexed = state.neighbours.features is not None and not state.working(JobKind.INDEX)
    return run is not None and run.phase is Phase.READY and indexed


def _has_answers(state: State) -> bool:
    answered = bool(state.neighbours.answers) and not state.working(JobKind.QUERY)
    return answered and not state.working(JobKind.THUMBNAILS)
