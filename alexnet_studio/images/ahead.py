"""Work done ahead of its consumer by a few threads: in order, bounded, and never left running."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future
from functools import partial
from itertools import islice
from typing import TypeVar

from alexnet_studio.images.crew import Crew
from alexnet_studio.images.watch import Watch

Item = TypeVar("Item")
Result = TypeVar("Result")


def ahead(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int = 2,
    waiting: int = 2,
    watch: Watch | None = None,
) -> Generator[Result]:
    """`map(work, items)`, with up to `waiting` results a worker prepared before they are asked for.

    Pillow and numpy release the interpreter's lock, so threads are enough. `workers` 0 works in the calling
    thread. What `work` raises is raised here, in its turn. Closing the iterator waits for the items in work
    and joins the threads. With a `watch` that `work` reads its files under, one that does not answer is not waited
    for: raises `Failed` ("read_hangs").
    """
    if workers == 0:
        yield from map(work, items)
        return
    source = iter(items)
    crew = Crew[Result](workers, watch)
    try:
        pending: deque[Future[Result]] = deque(
            crew.promise(partial(work, item)) for item in islice(source, workers * waiting)
        )
        while pending:
            result = crew.answer(pending.popleft())
            pending.extend(crew.promise(partial(work, item)) for item in islice(source, 1))
            yield result
    finally:
        crew.leave()
