"""Slow work in threads of its own, and the one mailbox through which it talks to the GUI thread."""

from __future__ import annotations

import itertools
import logging
import threading
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QObject, QTimer

from alexnet_studio.ground.errors import Failed, StudioError
from alexnet_studio.studio.deference import give_way

_DRAIN_MS = 33  # two frames: fast enough to look live, slow enough to leave the GUI thread alone
_SELDOM_MS = 100  # for what a training tells, most of which waits for the next view anyway
_log = logging.getLogger(__name__)

Work = Generator[object, None, None]


class JobKind(Enum):
    """At most one job of a kind is listened to: starting another of the same kind makes the earlier one stale."""

    WARM = "warm"
    SAMPLE = "sample"
    SCAN = "scan"
    LABELS = "labels"
    LOOK = "look"
    LABORATORY = "laboratory"
    CROP = "crop"
    FETCH = "fetch"
    OPEN = "open"
    ESTIMATE = "estimate"
    TRAIN = "train"
    INDEX = "index"
    QUERY = "query"
    BESIDE = "beside"
    VOTE = "vote"
    LOOK_UP = "look_up"
    THUMBNAILS = "thumbnails"
    EXPORT = "export"
    HISTOGRAM = "histogram"
    EXCHANGE = "exchange"
    COLLECT = "collect"
    MAP = "map"
    FEATURE_MAP = "feature_map"
    EVALUATE = "evaluate"
    PREDICT = "predict"
    SORT = "sort"
    VIEWS = "views"
    LAYERS = "layers"
    UNIT = "unit"
    PATCHES = "patches"
    EXPLAIN = "explain"
    FOLLOW = "follow"
    PAST = "past"
    SCORE = "score"
    TELL = "tell"
    SPREAD = "spread"
    RUNS = "runs"
    TEND = "tend"
    PACK = "pack"
    QUEUE = "queue"
    ENQUEUE = "enqueue"
    READY = "ready"
    BENCH = "bench"
    CHECK = "check"
    COMPARE = "compare"
    KERNELS = "kernels"
    FIRING = "firing"
    RESPONSE = "response"
    SEEDS = "seeds"
    MARKS = "marks"


@dataclass(frozen=True, slots=True)
class Told:
    """An event that a job yielded."""

    kind: JobKind
    event: object


@dataclass(frozen=True, slots=True)
class Finished:
    """The last message of a job. `error` is what it raised, as a sentence."""

    kind: JobKind
    cancelled: bool
    error: StudioError | None = None


Message = Told | Finished
_LONG = frozenset({JobKind.TRAIN, JobKind.FOLLOW})


class Job:
    """One generator, iterated by one thread. Pausing waits between two `next()`; cancelling closes the generator."""

    def __init__(
        self, kind: JobKind, request: int, make: Callable[[], Work], mailbox: deque[tuple[int, Message]]
    ) -> None:
        self.kind = kind
        self.request = request
        self._make = make
        self._mailbox = mailbox
        self._gate = threading.Condition()
        self._paused = False
        self._cancelled = False
        self.thread = threading.Thread(target=self._run, name=f"alexnet-studio {kind.value} {request}")

    def set_paused(self, paused: bool) -> None:
        with self._gate:
            self._paused = paused
            self._gate.notify_all()

    def cancel(self) -> None:
        with self._gate:
            self._cancelled = True
            self._gate.notify_all()

    def _may_go_on(self) -> bool:
        with self._gate:
            self._gate.wait_for(lambda: self._cancelled or not self._paused)
            return not self._cancelled

    def _run(self) -> None:
        error: StudioError | None = None
        try:
            self._iterate(self._make())
        except StudioError as known:
            error = known
        except Exception as crash:  # noqa: BLE001 - a thread that dies silently would leave the window waiting
            _log.exception("the %s job ended with an unexpected error", self.kind.value)
            error = Failed(
                "unexpected",
                "Something went wrong inside the program: {kind} ({text}). The log has the details.",
                kind=type(crash).__name__,
                text=str(crash),
            )
        self._post(Finished(self.kind, self._cancelled, error))

    def _iterate(self, work: Work) -> None:
        try:
            while self._may_go_on():
                try:
                    event = next(work)
                except StopIteration:
                    return
                if event is not None:
                    self._post(Told(self.kind, event))
        finally:
            work.close()  # `finally` in the work saves what there is

    def _post(self, message: Message) -> None:
        self._mailbox.append((self.request, message))


class Jobs:
    """Starts jobs, and hands everything they said to `receive`, in the GUI thread, at most once per tick.

    Each job has a request number. Messages whose number is not the latest of their kind are stale and are dropped
    here, so that no consumer ever sees an answer to a question that it no longer asks.
    """

    def __init__(
        self,
        receive: Callable[[Sequence[Message]], None],
        parent: QObject | None = None,
        prepare: Callable[[], None] = lambda: None,
    ) -> None:
        """`prepare` is called by every worker thread before its work."""
        self._receive = receive
        self._prepare = prepare
        self._mailbox: deque[tuple[int, Message]] = deque()
        self._numbers = itertools.count(1)
        self._latest: dict[JobKind, Job] = {}
        self._alive: list[Job] = []
        self._timer = QTimer(parent)
        self._timer.timeout.connect(self._on_tick)

    def start(self, kind: JobKind, make: Callable[[], Work]) -> int:
        """Run `make()` in a new thread; imports inside the generator happen there. Returns its number."""
        self.cancel(kind)

        def prepared() -> Work:
            give_way()
            self._prepare()
            return make()

        job = Job(kind, next(self._numbers), prepared, self._mailbox)
        self._latest[kind] = job
        self._alive.append(job)
        job.thread.start()
        self._keep_time()
        return job.request

    def running(self, kind: JobKind) -> bool:
        return kind in self._latest

    def cancel(self, kind: JobKind) -> None:
        """Ask the job of this kind to end; its `Finished` still comes, unless another one is started."""
        job = self._latest.get(kind)
        if job is not None:
            job.cancel()

    def set_paused(self, kind: JobKind, paused: bool) -> None:
        job = self._latest.get(kind)
        if job is not None:
            job.set_paused(paused)

    def close(self) -> None:
        """Cancel everything, wait for the threads, deliver nothing more."""
        for job in self._alive:
            job.cancel()
        for job in self._alive:
            job.thread.join()
        self._timer.stop()
        self._alive.clear()
        self._latest.clear()
        self._mailbox.clear()

    def _on_tick(self) -> None:
        # Asked before draining: what a thread said before it ended is then in the mailbox for sure.
        ended = [job for job in self._alive if not job.thread.is_alive()]
        messages = self._drain()
        for job in ended:
            job.thread.join()
            self._alive.remove(job)
        self._keep_time()
        if messages:
            self._receive(messages)

    def _keep_time(self) -> None:
        wanted = _SELDOM_MS if all(job.kind in _LONG for job in self._alive) else _DRAIN_MS
        if not self._alive:
            self._timer.stop()
        elif not self._timer.isActive() or wanted != self._timer.interval():
            self._timer.start(wanted)

    def _drain(self) -> list[Message]:
        messages: list[Message] = []
        while self._mailbox:
            request, message = self._mailbox.popleft()
            latest = self._latest.get(message.kind)
            if latest is None or latest.request != request:
                continue
            if isinstance(message, Finished):
                del self._latest[message.kind]
            messages.append(message)
        return messages
