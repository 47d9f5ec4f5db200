"""The queue of trainings as a file: what waits in it, adding what the form holds, putting it in order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from alexnet_studio.ground import places
from alexnet_studio.studio import setup_building, wording
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import queue as queue_jobs
from alexnet_studio.studio.jobs import queue_file as file_jobs
from alexnet_studio.studio.jobs.queue import Looked
from alexnet_studio.studio.jobs.queue_file import Added, Filled, Repetition
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing import queue as view_queue
from alexnet_studio.studio.state.window import Notice

if TYPE_CHECKING:
    from alexnet_studio.training.queue_file import Entry
    from alexnet_studio.training.repeats import Kind

_EVERY_MS = 2_000


class QueueIntents:
    """`go_on` is told of each look at the file, with the entry that comes next."""

    def __init__(
        self,
        desk: Desk,
        go_on: Callable[[Looked], None],
        open_run: Callable[[Path], None],
        parent: QObject,
    ) -> None:
        self._desk = desk
        self._go_on = go_on
        self._open_run = open_run
        self._looking = queue_jobs.QueueLook()
        self._is_reminding = False
        self._is_outdated = False  # what is being looked at has changed since
        self._timer = QTimer(parent)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self._on_timer)
        self._deeds: dict[str, Callable[[Entry], None]] = {
            "up": partial(self._move, by=-1),
            "down": partial(self._move, by=1),
            "remove": lambda entry: self._take_out((entry,)),
            "open": lambda entry: self._open_run(entry.run),
        }

    @property
    def actions(self) -> Actions:
        return {
            "queue_add": self.add,
            "queue_clear": self.clear,
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.QUEUE: Listener(self._on_looked, self._on_look_over),
            JobKind.ENQUEUE: Listener(self._on_added, self._on_finished),
        }

    def close(self) -> None:
        self._timer.stop()

    def set_open(self, is_open: bool) -> None:
        """While its list is seen it follows what other processes do with the file."""
        self._desk.state.queue.is_open = is_open
        if is_open:
            self.look()

    def look(self) -> None:
        """Also for the next entry, where the queue is started and nothing else is going on."""
        queue = self._desk.state.queue
        if queue.is_open or queue.is_started:
            self._timer.start()
        file = queue.file = places.queue()
        self._is_outdated = self._desk.jobs.running(JobKind.QUEUE)
        if not self._is_outdated:
            tried, choose = queue.tried, queue.is_started and not view_queue.is_busy(self._desk.state)
            # Not through the desk: nobody waits for it, so no progress is shown.
            self._desk.jobs.start(JobKind.QUEUE, lambda: self._looking.look(file, tried, choose=choose))

    def remind(self) -> None:
        """Once, when the window opens: of what an earlier one, or a crash, has left."""
        self._is_reminding = True
        self.look()

    def add(self, repetition: Repetition | None = None) -> None:
        """What the form holds now, once or as a group."""
        state, filled = self._desk.state, self._filled()
        if not view_queue.add(state).enabled or filled is None or state.dataset is None:
            return
        stem = state.dataset.name
        if repetition is not None:
            stem = f"{stem}-{repetition.kind}"
        file = places.queue()
        self._desk.start(JobKind.ENQUEUE, lambda: file_jobs.add(file, filled, stem, repetition))

    def repeat(self, kind: Kind, count: int) -> None:
        self.add(Repetition(kind, count))

    def act(self, name: str, run: Path) -> None:
        """What the list's buttons ask for, of the entry of `run`."""
        standings = self._desk.state.queue.standings
        entry = next((one.entry for one in standings if one.entry.run == run), None)
        if entry is not None:
            self._deeds[name](entry)

    def clear(self) -> None:
        """Those that are finished leave the list; their runs stay."""
        done = [one.entry for one in self._desk.state.queue.standings if one.state == "finished"]
        if done:
            self._take_out(tuple(done))

    def _on_timer(self) -> None:
        queue = self._desk.state.queue
        if queue.is_open or queue.is_started:
            self.look()
        else:
            self._timer.stop()

    def _filled(self) -> Filled | None:
        state = self._desk.state
        dataset, setup = state.dataset, state.setup
        if dataset is None or dataset.folder is None or setup is None or setup.spec is None:
            return None
        network, values = setup_building.unfitted(setup, setup.spec)
        return Filled(dataset.folder, state.labels.now, network, setup.spec, values)

    def _move(self, entry: Entry, by: int) -> None:
        from alexnet_studio.training import queue_file

        entries = [one.entry for one in self._desk.state.queue.standings]
        place = entries.index(entry) + by
        if 0 <= place < len(entries):
            queue_file.exchange(places.queue(), entry, entries[place])
            self.look()

    def _take_out(self, entries: tuple[Entry, ...]) -> None:
        others = [one.entry for one in self._desk.state.queue.standings if one.entry not in entries]
        file_jobs.take_out(places.queue(), entries, others)
        self.look()

    def _on_looked(self, event: object) -> None:
        queue = self._desk.state.queue
        if not isinstance(event, Looked):
            return
        queue.standings, queue.is_read, queue.problem = event.standings, True, ""
        if self._is_reminding:
            self._is_reminding = False
            self._remind_of(queue.left)
        self._go_on(event)

    def _remind_of(self, count: int) -> None:
        state = self._desk.state
        if count and state.notice is None and not state.queue.is_started:
            text = (
                QCoreApplication.translate("Queue", "1 training waits in the queue.")
                if count == 1
                else QCoreApplication.translate("Queue", "{n} trainings wait in the queue.")
            )
            button = QCoreApplication.translate("Queue", "Start the queue")
            state.notice = Notice(text.format(n=wording.count(count)), button=button, intent="queue_start")

    def _on_look_over(self, finished: Finished) -> None:
        queue = self._desk.state.queue
        if finished.error is not None:
            queue.standings, queue.is_read, queue.problem = (), True, wording.sentence(finished.error)
            if queue.is_started:
                queue.is_started = False
                self._desk.tell(finished.error)
        if self._is_outdated:
            self.look()

    def _on_added(self, event: object) -> None:
        if isinstance(event, Added):
            text = (
                QCoreApplication.translate("Queue", "{run} waits in the queue.")
                if len(event.runs) == 1
                else QCoreApplication.translate("Queue", "{n} trainings of {group} wait in the queue.")
            )
            first = event.runs[0]
            said = text.format(run=first.name, n=wording.count(len(event.runs)), group=first.parent.name)
            is_idle = not self._desk.state.queue.is_started and not view_queue.is_busy(self._desk.state)
            button = QCoreApplication.translate("Queue", "Start the queue") if is_idle else ""
            self._desk.state.notice = Notice(said, button=button, intent="queue_start" if is_idle else "")

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
        self.look()
