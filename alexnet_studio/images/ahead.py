"""Work done ahead of its consumer by a few threads: in order, bounded, and never left running."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def ahead(
    work: Callable[[Item], Result], items: Iterable[Item], *, workers: int = 2, waiting: int = 2
) -> Generator[Result]:
    """`map(work, items)`, with up to `waiting` results a worker prepared before they are asked for.

    Pillow and numpy release the interpreter's lock, so threads are enough. `workers` 0 works in the calling
    thread. What `work` raises is raised here, in its turn. Closing the iterator waits for the items in work
    and joins the threads.
    """
    if workers == 0:
        yield from map(work, items)
        return
    source = iter(items)
    pool = ThreadPoolExecutor(workers, thread_name_prefix="images")
    try:
        pending: deque[Future[Result]] = deque(
            pool.submit(work, item) for item in islice(source, workers * waiting)
        )
        while pending:
            result = pending.popleft().result()
            pending.extend(pool.submit(work, item) for item in islice(source, 1))
            yield result
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
