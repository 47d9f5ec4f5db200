"""The list of runs: kept up to date while it is open, and everything that a person does with the runs in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from alexnet_studio.ground import places
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import wording
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import run_list as jobs
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.state.run_list import RunListState
from alexnet_studio.studio.state.window import Notice

if TYPE_CHECKING:
    from alexnet_studio.networks.spec import Spec

_EVERY_MS = 2_000
Paths = tuple[Path, ...]


class RunListIntents:
    """`take` fills the form with a network and recipe values; `overlay` draws runs with the one on the screen."""

    def __init__(
        self,
        desk: Desk,
        open_run: Callable[[Path, str], None],
        take: Callable[[str, tuple[tuple[str, object], ...], Spec], None],
        overlay: Callable[[Paths], None],
        parent: QObject,
    ) -> None:
        self._desk = desk
        self._open_run = open_run
        self._take = take
        self._overlay = overlay
        self._waiting: Paths = ()  # to be drawn with the run that is being opened
        self._lister = jobs.Lister()
        self._timer = QTimer(parent)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._list)
        self._deeds: dict[str, Callable[[Paths], None]] = {
            "open": lambda runs: self._open_run(runs[0], ""),
            "overlay": self.overlay,
            "compare": self.compare,
            "clone": lambda runs: self.clone(runs[0]),
            "rename": lambda runs: self._ask_name(runs[0]),
            "note": lambda runs: self._ask_note(runs[0]),
            "pack": lambda runs: self._ask_target(runs[0]),
            "trash": self.trash,
            "show_files": lambda runs: desk.dialogs.show_files(runs[0]),
        }

    @property
    def actions(self) -> Actions:
        return {
            "choose_runs_folder": lambda: self._desk.dialogs.choose_runs_folder(
                self._desk.after(self.list_folder)
            ),
            "end_comparison": self._end_comparison,
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.RUNS: Listener(self._on_listed, self._on_finished),
            JobKind.TEND: Listener(self._on_told, self._on_finished),
            JobKind.PACK: Listener(self._on_told, self._on_finished),
        }

    def close(self) -> None:
        self._timer.stop()

    def set_open(self, is_open: bool) -> None:
        shown = self._desk.state.run_list
        folder = shown.folder or self._usual_folder()
        self._desk.state.run_list = replace(shown, folder=folder, is_open=is_open)
        if not is_open:
            self._timer.stop()
            return
        self._timer.start()
        self._list()

    def list_folder(self, folder: Path) -> None:
        self._desk.state.run_list = RunListState(folder, is_open=True)
        self._list()

    def act(self, name: str, runs: Paths) -> None:
        """What the list's buttons ask for, of the selected runs."""
        if runs:
            self._desk.state.notice = None
            self._deeds[name](runs)

    def overlay(self, runs: Paths) -> None:
        """The curves of `runs` with the run on the screen; where there is none, the first of them is opened."""
        if self._desk.state.run is None:
            self._waiting = runs
            self._open_run(runs[0], "")
        else:
            self._overlay(runs)

    def on_opened(self) -> None:
        waiting, self._waiting = self._waiting, ()
        if waiting:
            self._overlay(waiting)

    def compare(self, runs: Paths) -> None:
        if len(runs) < 2:
            raise BadInput("too_few_runs", "Select two runs or more to compare.")
        self._desk.start(JobKind.TEND, lambda: jobs.compare(runs))

    def clone(self, run: Path) -> None:
        """For the folder on the screen; where there is none, the run is opened, which finds its images."""
        self._desk.require_idle()
        dataset = self._desk.state.dataset
        if dataset is None or dataset.folder is None:
            said = QCoreApplication.translate("Runs", "Start trains a new run with the recipe of {run}.")
            self._open_run(run, said.format(run=run.name))
            return
        self._desk.start(JobKind.TEND, lambda: jobs.clone(run))

    def rename(self, run: Path, name: str) -> None:
        self._desk.start(JobKind.TEND, lambda: jobs.rename(run, name.strip()))

    def note(self, run: Path, text: str) -> None:
        if text.strip():
            self._desk.start(JobKind.TEND, lambda: jobs.note(run, text))

    def pack(self, run: Path, target: Path) -> None:
        self._desk.start(JobKind.PACK, lambda: jobs.pack(run, target))

    def trash(self, runs: Paths) -> None:
        self._desk.start(JobKind.TEND, lambda: jobs.trash(runs))

    def _ask_name(self, run: Path) -> None:
        title = QCoreApplication.translate("Runs", "Rename {run}").format(run=run.name)
        label = QCoreApplication.translate("Runs", "Its new name")
        self._desk.dialogs.ask_text(title, label, run.name, self._desk.after(partial(self.rename, run)))

    def _ask_note(self, run: Path) -> None:
        title = QCoreApplication.translate("Runs", "Note on {run}").format(run=run.name)
        label = QCoreApplication.translate("Runs", "A line for its diary")
        self._desk.dialogs.ask_text(title, label, "", self._desk.after(partial(self.note, run)))

    def _ask_target(self, run: Path) -> None:
        self._desk.dialogs.choose_target(f"{run.name}.zip", self._desk.after(partial(self.pack, run)))

    def _usual_folder(self) -> Path:
        """Where the open run lies, or those that were made here."""
        run = self._desk.state.run
        return places.runs() if run is None or run.is_example else run.path.parent

    def _list(self) -> None:
        folder = self._desk.state.run_list.folder
        if folder is not None and not self._desk.state.working(JobKind.RUNS):
            self._desk.start(JobKind.RUNS, lambda: self._lister.list(folder))

    def _end_comparison(self) -> None:
        self._desk.state.run_list = replace(self._desk.state.run_list, comparison=None)

    def _on_listed(self, event: object) -> None:
        shown = self._desk.state.run_list
        if isinstance(event, jobs.Listed) and event.folder == shown.folder:
            self._desk.state.run_list = replace(shown, runs=event.runs, groups=event.groups, is_read=True)

    def _on_told(self, event: object) -> None:
        state = self._desk.state
        if isinstance(event, Progress):
            state.progress[JobKind.PACK] = event
        elif isinstance(event, jobs.Compared):
            state.run_list = replace(state.run_list, comparison=event.comparison)
        elif isinstance(event, jobs.Cloned):
            self._take(event.network, event.values, event.plan)
            self._say(QCoreApplication.translate("Runs", "The form has the recipe of {run}."), event.run)
        elif isinstance(event, jobs.Noted):
            self._say(QCoreApplication.translate("Runs", "Noted in the diary of {run}."), event.run)
        elif isinstance(event, jobs.PackMade):
            said = QCoreApplication.translate("Runs", "{file} is written: {size}.")
            state.notice = Notice(said.format(file=event.file, size=wording.memory(event.size_bytes)))
        else:
            self._on_moved(event)

    def _on_moved(self, event: object) -> None:
        state = self._desk.state
        if isinstance(event, jobs.Renamed):
            if state.run is not None and state.run.path == event.old:
                state.run.path = event.new
            self._say(QCoreApplication.translate("Runs", "It is called {run} now."), event.new)
        elif isinstance(event, jobs.Trashed):
            run = event.runs[0]
            if state.run is not None and state.run.path == run:
                state.run = None
            self._say(QCoreApplication.translate("Runs", "{run} is in the trash."), run)

    def _say(self, text: str, run: Path) -> None:
        self._desk.state.notice = Notice(text.format(run=run.name))

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
        if finished.kind is not JobKind.RUNS and self._timer.isActive():
            self._list()
