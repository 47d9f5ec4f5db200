"""One sitting of a training, from its first row to its last: the loop."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Generator
from contextlib import closing

from alexnet_studio.ground.errors import Failed, StudioError
from alexnet_studio.runs.film import Film
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Note, Row
from alexnet_studio.training import failures, telling
from alexnet_studio.training.events import Event
from alexnet_studio.training.failures import DivergenceError
from alexnet_studio.training.feeding import train_batches
from alexnet_studio.training.journal import Journal
from alexnet_studio.training.keeping import Keeper
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.looking import Onlooker
from alexnet_studio.training.plan import Plan
from alexnet_studio.training.stopwatch import Rate, WorkingClock
from alexnet_studio.training.validation import validated, value

Events = Generator[Event | None]

_STUCK_SHARE = 0.01
_STUCK_EPOCHS = 2


class Session:
    """Trains `learner` as `plan` says and keeps everything in `run`."""

    def __init__(self, run: RunFolder, plan: Plan, learner: Learner, clock: WorkingClock) -> None:
        self._plan = plan
        self._learner = learner
        self._clock = clock
        self._rate = Rate()
        self._journal = Journal(History(run.metrics))
        self._onlooker = Onlooker(learner.network, plan.spec, Film(run.kernels))
        self._keeper = Keeper(run, learner)
        self._stuck = 0
        self._lost = 0  # images so far

    def events(self) -> Events:
        """All events up to `Ended`. Closing it at any of them saves, and writes how it ended."""
        try:
            yield from self._opening()
            ended = yield from self._training()
        except GeneratorExit:
            self._stop()
            raise
        except Failed as error:
            self._pause(error)
            raise
        except Exception as error:
            self._journal.written(telling.ended(self._learner, "failed", *failures.words(error)))
            raise
        yield from self._journal.written(ended)

    def _opening(self) -> Events:
        yield from self._journal.written(telling.started(self._plan, self._learner))
        for code, sentence in self._plan.remarks:
            yield from self._noted(code, sentence)
        yield self._onlooker.look(self._learner.step, self._learner.epoch)

    def _training(self) -> Generator[Event | None, None, Ended]:
        """Every epoch that is left, and how it went."""
        diverged: DivergenceError | None = None
        try:
            while self._learner.epoch < self._plan.recipe.epochs:
                yield from self._learning()
                yield from self._judging()
            return telling.ended(self._learner, "finished")
        except DivergenceError as error:
            diverged = error
        except RuntimeError as error:
            if not failures.is_out_of_memory(error):
                raise
        # Outside of the handlers: an exception's traceback pins the tensors that filled the memory.
        return self._out_of_memory() if diverged is None else self._diverged(diverged)

    def _learning(self) -> Events:
        """The batches that are left of the epoch under way, one event at least after each."""
        learner = self._learner
        mark = self._clock.now()
        with closing(train_batches(self._plan, learner.epoch, start=learner.batch)) as source:
            for batch in source:
                learner.learn(batch)
                now = self._clock.now()
                self._rate.add(len(batch.labels), now - mark)
                learner.meters.seconds += now - mark
                mark = now
                yield from self._after_step()

    def _after_step(self) -> Events:
        learner = self._learner
        if telling.is_logged(learner.step, self._plan):
            last = learner.meters.last()  # waits for the device
            self._require_finite(last.loss)
            row = telling.step(learner, last, self._plan.k, self._rate.value())
            yield from self._journal.written(row)
        else:
            yield None
        seen = self._onlooker.look(learner.step, learner.epoch)
        if seen is not None:
            yield seen
        if self._onlooker.problem:
            problem, self._onlooker.problem = self._onlooker.problem, ""
            yield from self._noted("film_not_written", problem)

    def _judging(self) -> Events:
        """Validation, the epoch's row, and the checkpoint: the row first, so that a checkpoint never lacks
        one.
        """
        learner, meters = self._learner, self._learner.meters
        trained, seconds = meters.epoch(), meters.seconds
        speed = meters.images / seconds if seconds > 0 else 0.0
        began = self._clock.now()
        judged = yield from validated(learner.network, self._plan)
        self._require_finite(*value(trained, judged), trained.loss)
        if not learner.is_finite():
            # The last update of an epoch may have spoilt what no loss has seen yet.
            raise DivergenceError(learner.step, learner.last_rate)
        seconds += self._clock.now() - began
        learner.finish_epoch(trained.loss if judged is None else judged.loss)
        row = telling.epoch(learner, trained, judged, self._plan.k, seconds=seconds, speed=speed)
        rows = self._journal.written(row)
        saved = self._keeper.keep_epoch(value(trained, judged))
        yield from rows
        yield saved
        yield from self._stuck_note(trained.loss)
        yield from self._lost_note()

    def _stop(self) -> None:
        sentence = "" if self._learner.step else "Stopped before the first step: there was nothing to save."
        try:
            self._keeper.keep_what_is_good()
        except Exception as error:
            self._journal.written(telling.ended(self._learner, "failed", *failures.words(error)))
            raise
        self._journal.written(telling.ended(self._learner, "stopped", sentence))

    def _pause(self, error: Failed) -> None:
        """The images are gone, or the disk is full: what was learned is kept if it can be, to be gone on with."""
        with contextlib.suppress(StudioError):
            self._keeper.keep_what_is_good()
        self._journal.written(telling.ended(self._learner, "failed", *failures.words(error)))

    def _diverged(self, error: DivergenceError) -> Ended:
        kept = self._keeper.keep_what_is_good()
        sentence = failures.diverged_sentence(error, self._plan.recipe, kept=kept)
        return telling.ended(self._learner, "diverged", sentence, failures.DIVERGED)

    def _out_of_memory(self) -> Ended:
        self._learner.release()
        self._keeper.keep_what_is_good()
        sentence = failures.out_of_memory_sentence(self._plan.device.name, self._plan.recipe.batch_size)
        return telling.ended(self._learner, "failed", sentence, failures.OUT_OF_MEMORY)

    def _require_finite(self, *values: float) -> None:
        if not all(map(math.isfinite, values)):
            raise DivergenceError(self._learner.step, self._learner.last_rate)

    def _stuck_note(self, loss: float) -> tuple[Row, ...]:
        """A network that answers the same for every image has a loss of ln(classes)."""
        guessing = math.log(self._plan.spec.classes)
        self._stuck = self._stuck + 1 if abs(loss - guessing) < _STUCK_SHARE * guessing else 0
        if self._stuck != _STUCK_EPOCHS:
            return ()
        return self._noted(
            "stuck",
            f"The loss has stayed at ln({self._plan.spec.classes}) = {guessing:.3f}, which is guessing. "
            + self._way_out(),
        )

    def _lost_note(self) -> tuple[Row, ...]:
        """Images that were read at the start and are no longer, where they are decoded in every epoch."""
        lost = self._plan.images.store.lost
        if len(lost) == self._lost:
            return ()
        self._lost = len(lost)
        path, reason = next(reversed(lost.items()))
        counted = "1 image was" if len(lost) == 1 else f"{len(lost):,} images were"
        return self._noted("images_replaced", f"{counted} replaced by another of the class: {path} {reason}.")

    def _way_out(self) -> str:
        asked = self._plan.recipe.initialisation
        how = self._plan.spec.initialisation if asked == "network" else asked
        if how == "paper":
            return "Try the He initialisation."
        return "Give it more epochs, or try another learning rate."

    def _noted(self, code: str, sentence: str) -> tuple[Row, ...]:
        return self._journal.written(Note(self._learner.step, code, sentence))
