"""A few threads that do errands. They end with their crew, and a read that never ends does not hold it up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from alexnet_studio.images.watch import Watch

Result = TypeVar("Result")
_LOOK_S = 0.2


class Crew(Generic[Result]):
    """Daemons, not an executor's threads, which the interpreter would wait for at its end, however long they hang."""

    def __init__(self, count: int, watch: Watch | None = None) -> None:
        self._watch = watch
        self._errands: SimpleQueue[tuple[Future[Result], Callable[[], Result]] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._serve, name=f"images {i}", daemon=True) for i in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def promise(self, errand: Callable[[], Result]) -> Future[Result]:
        future: Future[Result] = Future()
        self._errands.put((future, errand))
        return future

    def answer(self, future: Future[Result]) -> Result:
        """What the errand returned or raised. Raises `Failed` ("read_hangs") when a file does not answer."""
        watch = self._watch
        while watch is not None and not future.done():
            try:
                return future.result(watch.glance_s)
            except TimeoutError:
                if not future.done():
                    watch.require_answers()
        return future.result()

    def leave(self) -> None:
        """Errands that wait are dropped, those under way waited for, unless they hang in a read."""
        try:
            while True:
                errand = self._errands.get_nowait()
                if errand is not None:
                    errand[0].cancel()
        except Empty:
            pass
        for _ in self._threads:
            self._errands.put(None)
        for thread in self._threads:
            self._join(thread)

    def _join(self, thread: threading.Thread) -> None:
        watch = self._watch
        while thread.is_alive() and not (watch is not None and watch.is_mute(thread)):
            thread.join(None if watch is None else _LOOK_S)

    def _serve(self) -> None:
        while (errand := self._errands.get()) is not None:
            future, work = errand
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(work())
                except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
                    future.set_exception(error)
            del errand, future, work  # a batch is not held on to while the next errand is waited for
