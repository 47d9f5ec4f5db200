"""The queue of trainings: what waits in its file, and, once it is started, one training after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from alexnet_studio.ground import places
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import setup_building, wording
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.intents.training import TrainingIntents
from alexnet_studio.studio.jobs import queue as queue_jobs
from alexnet_studio.studio.jobs.queue import Added, Filled, Looked, Ready, Repetition
from alexnet_studio.studio.jobs.run import LogRead, Opened
from alexnet_studio.studio.jobs.runner import Finished, JobKind
from alexnet_studio.studio.showing import queue as view_queue
from alexnet_studio.studio.state.labels import LabelState
from alexnet_studio.studio.state.laboratory import LaboratoryState
from alexnet_studio.studio.state.setup import Setup
from alexnet_studio.studio.state.window import Notice
from alexnet_studio.studio.views.parts import Selection

if TYPE_CHECKING:
    from alexnet_studio.training.queue_file import Entry
    from alexnet_studio.training.repeats import Kind

_EVERY_MS = 2_000
_ELSEWHERE = frozenset({"run_in_use", "run_exists"})  # another process was quicker


class QueueIntents:
    """`trainings` train an entry as they do any other; `run_told` shows what the opening of a run tells."""

    def __init__(
        self,
        desk: Desk,
        trainings: TrainingIntents,
        run_told: Callable[[object], None],
        open_run: Callable[[Path], None],
        parent: QObject,
    ) -> None:
        self._desk = desk
        self._trainings = trainings
        self._run_told = run_told
        self._open_run = open_run
        self._looking = queue_jobs.QueueLook()
        self._entry: Entry | None = None  # that is made ready, or is trained
        self._changes: dict[str, object] = {}
        self._is_opened = False
        self._is_reminding = False
        self._timer = QTimer(parent)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.look)
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
            "queue_start": self.start,
            "queue_pause": self.pause,
            "queue_clear": self.clear,
        }

    @property
    def listeners(self) -> Listeners:
        return {
            JobKind.QUEUE: Listener(self._on_looked, self._on_look_over),
            JobKind.ENQUEUE: Listener(self._on_added, self._on_finished),
            JobKind.READY: Listener(self._on_ready, self._on_ready_over),
        }

    def close(self) -> None:
        self._timer.stop()

    def set_open(self, is_open: bool) -> None:
        """While its list is seen it follows what other processes do with the file."""
        self._desk.state.queue.is_open = is_open
        self._watch()
        if is_open:
            self.look()

    def look(self) -> None:
        """Also for the next entry, where the queue is started and nothing else is going on."""
        queue = self._desk.state.queue
        file = queue.file = places.queue()
        if not self._desk.state.working(JobKind.QUEUE):
            tried, choose = queue.tried, queue.is_started and not self._is_busy()
            self._desk.start(JobKind.QUEUE, lambda: self._looking.look(file, tried, choose=choose))

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
        self._desk.start(JobKind.ENQUEUE, lambda: queue_jobs.add(file, filled, stem, repetition))

    def repeat(self, kind: Kind, count: int) -> None:
        self.add(Repetition(kind, count))

    def act(self, name: str, run: Path) -> None:
        """What the list's buttons ask for, of the entry of `run`."""
        standings = self._desk.state.queue.standings
        entry = next((one.entry for one in standings if one.entry.run == run), None)
        if entry is not None:
            self._deeds[name](entry)

    def start(self) -> None:
        """What has failed is tried again."""
        queue = self._desk.state.queue
        queue.is_started, queue.tried, queue.failures = True, frozenset(), {}
        self._desk.state.notice = None
        self._watch()
        self.look()

    def pause(self) -> None:
        """What is being trained goes on to its end; the next one waits."""
        self._desk.state.queue.is_started = False
        self._watch()

    def clear(self) -> None:
        """Those that are finished leave the list; their runs stay."""
        done = [one.entry for one in self._desk.state.queue.standings if one.state == "finished"]
        if done:
            self._take_out(tuple(done))

    def on_training_over(self, finished: Finished) -> None:
        """Of any training in this window. One that a person stops pauses the queue; one that fails does not."""
        queue, run = self._desk.state.queue, self._desk.state.queue.under_way
        queue.under_way, self._entry = None, None
        if run is not None and finished.error is not None:
            if finished.error.code in _ELSEWHERE:
                queue.tried -= {run}
            else:
                queue.failures[run] = wording.sentence(finished.error)
        elif run is not None and finished.cancelled and queue.is_started:
            self.pause()
            text = QCoreApplication.translate("Queue", "{run} is stopped and saved, and the queue is paused.")
            button = QCoreApplication.translate("Queue", "Go on with the queue")
            self._desk.state.notice = Notice(text.format(run=run.name), button=button, intent="queue_start")
        self.look()

    def _watch(self) -> None:
        queue = self._desk.state.queue
        if queue.is_open or queue.is_started:
            self._timer.start()
        else:
            self._timer.stop()

    def _is_busy(self) -> bool:
        """Whatever trains here, or is about to show another run or folder."""
        state = self._desk.state
        kinds = (JobKind.TRAIN, JobKind.SPREAD, JobKind.OPEN, JobKind.SCAN, JobKind.SAMPLE, JobKind.READY)
        is_live = state.run is not None and state.run.live
        return is_live or state.closing or any(map(state.working, kinds))

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
        queue_jobs.take_out(places.queue(), entries, others)
        self.look()

    def _on_looked(self, event: object) -> None:
        queue = self._desk.state.queue
        if not isinstance(event, Looked):
            return
        queue.standings, queue.is_read, queue.problem = event.standings, True, ""
        if self._is_reminding:
            self._is_reminding = False
            self._remind_of(queue.left)
        if not queue.is_started or self._is_busy():
            return
        if event.next is not None:
            self._make_ready(event.next, event.device)
        elif all(one.is_settled or one.entry.run in queue.tried for one in queue.standings):
            self.pause()
            self._desk.state.notice = Notice(view_queue.over(queue))

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
                self.pause()
                self._desk.tell(finished.error)

    def _make_ready(self, entry: Entry, device: str) -> None:
        self._entry, self._is_opened = entry, False
        self._changes = {**entry.changes, **({"device": device} if device else {})}
        self._desk.state.queue.tried |= {entry.run}
        self._desk.start(JobKind.READY, lambda: queue_jobs.make_ready(entry, device))

    def _on_ready(self, event: object) -> None:
        if isinstance(event, Progress):
            self._desk.state.progress[JobKind.READY] = event
        elif self._is_wanted() and isinstance(event, Opened | LogRead):
            self._run_told(event)
            self._is_opened = True
        elif self._is_wanted() and isinstance(event, Ready) and self._entry is not None:
            self._show(event)
            self._desk.state.queue.under_way = self._entry.run
            self._trainings.train(event.request)

    def _is_wanted(self) -> bool:
        """Not when the person has paused the queue, or begun something else, while it was made ready."""
        run = self._desk.state.run
        return self._desk.state.queue.is_started and (run is None or not run.live)

    def _on_ready_over(self, finished: Finished) -> None:
        queue, entry = self._desk.state.queue, self._entry
        if entry is None:
            return
        if finished.error is not None:
            queue.failures[entry.run] = wording.sentence(finished.error)
            self._desk.tell(finished.error)
        elif self._is_opened and self._is_wanted():
            queue.under_way = entry.run
            self._trainings.go_on(entry.typed.folder, self._changes)
        if queue.under_way != entry.run:
            self._entry = None
            if finished.error is None:
                queue.tried -= {entry.run}
            self.look()

    def _show(self, ready: Ready) -> None:
        """The form stays as it is where it is for the same images: it holds what comes next."""
        state = self._desk.state
        if state.dataset is not None and state.dataset.root == ready.dataset.root and state.setup is not None:
            return
        state.selection, state.thumbnails = Selection(), {}
        state.networks = state.networks or setup_building.network_choices()
        state.laboratory = LaboratoryState()
        state.dataset, state.labels = ready.dataset, LabelState(ready.request.corrections)
        state.setup = setup_building.with_spec(Setup(ready.network, ready.values), ready.request.spec)

    def _on_added(self, event: object) -> None:
        if isinstance(event, Added):
            text = (
                QCoreApplication.translate("Queue", "{run} waits in the queue.")
                if len(event.runs) == 1
                else QCoreApplication.translate("Queue", "{n} trainings of {group} wait in the queue.")
            )
            first = event.runs[0]
            said = text.format(run=first.name, n=wording.count(len(event.runs)), group=first.parent.name)
            is_idle = not self._desk.state.queue.is_started and not self._is_busy()
            button = QCoreApplication.translate("Queue", "Start the queue") if is_idle else ""
            self._desk.state.notice = Notice(said, button=button, intent="queue_start" if is_idle else "")

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
        self.look()
