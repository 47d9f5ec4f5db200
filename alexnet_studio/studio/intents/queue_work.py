"""The queue at work: one entry after the other is made ready and trained as any training is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import setup_building, wording
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.intents.training import TrainingIntents
from alexnet_studio.studio.jobs import queue as queue_jobs
from alexnet_studio.studio.jobs.queue import Looked, Ready
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

_ELSEWHERE = frozenset({"run_in_use", "run_exists"})  # another process was quicker


class QueueWorkIntents:
    """`trainings` train an entry; `run_told` shows what the opening of a run tells; `look` looks for the next entry."""

    def __init__(
        self,
        desk: Desk,
        trainings: TrainingIntents,
        run_told: Callable[[object], None],
        look: Callable[[], None],
    ) -> None:
        self._desk = desk
        self._trainings = trainings
        self._run_told = run_told
        self._look = look
        self._entry: Entry | None = None  # that is made ready, or is trained
        self._changes: dict[str, object] = {}
        self._is_opened = False

    @property
    def actions(self) -> Actions:
        return {"queue_start": self.start, "queue_pause": self.pause}

    @property
    def listeners(self) -> Listeners:
        return {JobKind.READY: Listener(self._on_ready, self._on_ready_over)}

    def start(self) -> None:
        """What has failed is tried again."""
        queue = self._desk.state.queue
        queue.is_started, queue.tried, queue.failures = True, frozenset(), {}
        self._desk.state.notice = None
        self._look()

    def pause(self) -> None:
        """What is being trained goes on to its end; the next one waits."""
        self._desk.state.queue.is_started = False

    def go_on(self, found: Looked) -> None:
        """With what was found when the file was looked at."""
        queue = self._desk.state.queue
        # A look that began while something was trained may not know yet how that ended.
        if not found.is_choice or not queue.is_started or view_queue.is_busy(self._desk.state):
            return
        if found.next is not None:
            self._make_ready(found.next, found.device)
        elif all(one.is_settled or one.entry.run in queue.tried for one in queue.standings):
            self.pause()
            self._desk.state.notice = Notice(view_queue.over(queue))

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
        self._look()

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
            if finished.cancelled:
                self.pause()
            self._look()

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
