"""A process beside the first: it learns its share of every batch; deciding, telling and keeping are the first one's."""

from __future__ import annotations

from collections.abc import Generator

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.loader import Batch
from alexnet_studio.runs.changes import Change
from alexnet_studio.training.feeding import train_batches
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.plan import Plan
from alexnet_studio.training.validation import validated
from alexnet_studio.training.world import Word, World

_NO_CHANGE = Change(0, "thaw")  # whatever is given: the first process's is taken


class Follower:
    """Does what the first process does with its own learner, when it does it."""

    def __init__(self, plan: Plan, learner: Learner, world: World) -> None:
        self._plan = plan
        self._learner = learner
        self._world = world
        self._source: Generator[Batch] | None = None

    def events(self) -> Generator[Progress | None]:
        """Nothing to tell; until the first process says that it is over. Raises `Failed` ("process_lost", ...)."""
        try:
            while True:
                word, value = self._world.heard()
                match word:
                    case Word.LEARN:
                        self._learner.learn(next(self._batches()))
                    case Word.CHANGE:
                        self._learner.change(_NO_CHANGE)
                    case Word.JUDGE:
                        yield from validated(
                            self._learner.network, self._plan, self._learner.epoch, self._world
                        )
                    case Word.FINISH_EPOCH:
                        self._learner.finish_epoch(value)
                        self._close()
                    case Word.END:
                        return
                yield None
        finally:
            self._close()

    def _batches(self) -> Generator[Batch]:
        learner = self._learner
        if self._source is None:
            self._source = train_batches(self._plan, learner.epoch, learner.batch, self._world)
        return self._source

    def _close(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.close()
