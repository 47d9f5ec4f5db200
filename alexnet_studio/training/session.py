"""One sitting of a training, from its first row to its last: the loop."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Generator
from contextlib import closing

from alexnet_studio.ground.errors import Failed, StudioError
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs.curves import Curves
from alexnet_studio.runs.film import Film
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Epoch, Note, Row
from alexnet_studio.training import failures, telling
from alexnet_studio.training.archive import Archive
from alexnet_studio.training.events import Event, Saved
from alexnet_studio.training.failures import DeviceFailure, DivergenceError
from alexnet_studio.training.feeding import train_batches
from alexnet_studio.training.journal import Journal
from alexnet_studio.training.keeping import Keeper
from alexnet_studio.training.latecomers import Latecomers
from alexnet_studio.training.layer_sizes import LayerSizes
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.listening import Listener
from alexnet_studio.training.looking import Onlooker
from alexnet_studio.training.noticing import Noticer
from alexnet_studio.training.pinning import Pinboard
from alexnet_studio.training.plan import Plan
from alexnet_studio.training.stopwatch import Rate, WorkingClock
from alexnet_studio.training.validation import Judged, validated, value
from alexnet_studio.training.world import Word, World

Events = Generator[Event | None]


class Session:
    """Trains `learner` as `plan` says and keeps everything in `run`; of several processes, in the one that leads."""

    def __init__(
        self, run: RunFolder, plan: Plan, learner: Learner, clock: WorkingClock, world: World
    ) -> None:
        self._plan = plan
        self._world = world
        self._learner = learner
        self._clock = clock
        self._rate = Rate()
        self._journal = Journal(History(run.metrics))
        self._onlooker = Onlooker(learner.network, plan.spec, Film(run.kernels))
        self._keeper = Keeper(run, learner)
        self._pins = Pinboard(run, plan)
        self._listener = Listener(run, learner, self._keeper, self._pins)
        self._archive = Archive(run, plan)
        self._noticer = Noticer(plan.spec, plan.recipe)
        self._waited = 0.0  # seconds of the epoch in which no batch was ready
        self._judging_now = False
        self._latecomers = Latecomers(plan.images)
        rows = History(run.metrics).read()
        self._began, self._before = clock.now(), Curves(rows).seconds  # what earlier sittings trained
        for row in rows:
            if isinstance(row, Epoch):
                self._noticer.after(row, 0.0)

    def events(self) -> Events:
        """All events up to `Ended`. Closing it at any of them saves, and writes how it ended."""
        try:
            yield from self._opening()
            ended = yield from self._training()
            self._release_others()
            yield from self._told(self._keeper.finished())
        except GeneratorExit:
            self._release_others()
            self._stop()
            raise
        except Failed as error:
            self._pause(error)
            raise
        except Exception as error:
            self._journal.written(telling.ended(self._learner, "failed", *failures.words(error)))
            raise
        finally:
            self._archive.close()
            self._keeper.close()
        yield from self._journal.written(ended)

    def _opening(self) -> Events:
        yield from self._journal.written(telling.started(self._plan, self._learner))
        for code, sentence in self._plan.remarks:
            yield from self._noted(code, sentence)
        # Where an epoch has just ended, the frame of its last step: an uninterrupted training took it before the end.
        ended = self._learner.step > 0 and self._learner.batch == 0
        yield self._onlooker.look(self._learner.step, self._learner.epoch - ended)

    def _training(self) -> Generator[Event | None, None, Ended]:
        """Every epoch that is left, and how it went."""
        try:
            while self._learner.epoch < self._plan.recipe.epochs and not self._has_stalled():
                yield from self._learning()
                if self._listener.stopping:
                    return self._stopped()
                yield from self._judging()
            return self._finished()
        except DivergenceError as error:
            cause: DivergenceError | DeviceFailure = error
        except RuntimeError as error:
            found = failures.of_the_device(error)
            if found is None:
                raise
            cause = found
        # Outside of the handlers: an exception's traceback pins the tensors that filled the memory.
        return self._diverged(cause) if isinstance(cause, DivergenceError) else self._given_up(cause)

    def _learning(self) -> Events:
        """The batches that are left of the epoch under way, one event at least after each."""
        learner, device = self._learner, self._plan.device
        mark = ready = self._clock.now()
        self._waited = 0.0
        with closing(train_batches(self._plan, learner.epoch, learner.batch, self._world)) as source:
            for batch in source:
                if device.is_idle():
                    self._waited += self._clock.now() - ready
                sizes = learner.learn(batch, watched=telling.is_watched(learner.step + 1, self._plan))
                now = self._clock.now()
                self._rate.add(batch.total, now - mark)
                learner.meters.seconds += now - mark
                mark = now
                yield from self._after_step(sizes)
                for code, sentence in (*self._latecomers.after_step(), *self._listener.heard()):
                    yield from self._noted(code, sentence)
                if self._listener.stopping:
                    return
                ready = self._clock.now()

    def _after_step(self, sizes: LayerSizes | None) -> Events:
        """All rows of a step are written before the first is handed on: who stops there loses none."""
        learner = self._learner
        rows: tuple[Row, ...] = ()
        if telling.is_logged(learner.step, self._plan):
            last = learner.meters.last()  # waits for the device
            self._require_finite(last.loss)
            seconds = self._before + self._clock.now() - self._began
            row = telling.step(learner, last, self._plan.k, speed=self._rate.value(), seconds=seconds)
            rows = self._journal.written(row)
        if sizes is not None:
            rows = (*rows, *self._journal.written(telling.layers(learner, sizes)))
        yield from rows or (None,)
        seen = self._onlooker.look(learner.step, learner.epoch)
        if seen is not None:
            yield seen
        yield from self._told(self._keeper.after_step())
        if self._onlooker.problem:
            problem, self._onlooker.problem = self._onlooker.problem, ""
            yield from self._noted("film_not_written", problem)

    def _judging(self) -> Events:
        """Validation, the epoch's row and answers, and the checkpoint: that last, so that it never lacks them."""
        learner, meters = self._learner, self._learner.meters
        trained, seconds = meters.epoch(), meters.seconds
        speed = meters.images / seconds if seconds > 0 else 0.0
        waited = self._waited / seconds if seconds > 0 else 0.0
        began = self._clock.now()
        yield from self._told(self._keeper.before_validation())
        whole = yield from self._validated()
        judged = None if whole is None else whole.evaluation
        self._require_finite(*value(trained, judged), trained.loss)
        if not learner.is_finite():
            # The last update of an epoch may have spoilt what no loss has seen yet.
            raise DivergenceError(learner.step, learner.last_rate)
        looked = yield from self._pins.looked(learner)
        seconds += self._clock.now() - began
        learner.finish_epoch(trained.loss if judged is None else judged.loss)
        row = telling.epoch(
            learner,
            trained,
            judged,
            self._plan.k,
            seconds=seconds,
            speed=speed,
            memory_mb=self._plan.device.memory_mb(),
        )
        rows = self._journal.written(row)
        kept = self._archive.keep(learner.epoch, whole, looked)
        saved = self._keeper.keep_epoch(value(trained, judged))
        yield from rows
        yield from self._told(saved)
        remarks = (*kept, *self._pins.remarks(), *self._noticer.after(row, waited))
        for code, sentence in (*remarks, *self._latecomers.after_epoch()):
            yield from self._noted(code, sentence)

    def _validated(self) -> Generator[Progress, None, Judged | None]:
        self._judging_now = True
        judged = yield from validated(self._learner.network, self._plan, self._learner.epoch, self._world)
        self._judging_now = False
        return judged

    def _release_others(self) -> None:
        """The other processes wait for a word between two steps; in a validation they would take it for a result, and
        notice that this one has gone.
        """
        if not self._judging_now:
            with contextlib.suppress(Failed):
                self._world.lead(Word.END)

    def _has_stalled(self) -> bool:
        """Early stopping: no better epoch for as many as the recipe waits."""
        patience, best = self._plan.recipe.early_stopping, self._learner.best
        return bool(patience) and best is not None and self._learner.epoch - best.epoch >= patience

    def _finished(self) -> Ended:
        best = self._learner.best
        if not self._has_stalled() or best is None:
            return telling.ended(self._learner, "finished")
        sentence = (
            f"Stopped early after epoch {self._learner.epoch}: none was better than epoch {best.epoch} for "
            f"{self._plan.recipe.early_stopping} epochs."
        )
        return telling.ended(self._learner, "finished", sentence, "stopped_early")

    def _stopped(self) -> Ended:
        self._keeper.keep_what_is_good()
        return telling.ended(self._learner, "stopped")

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

    def _given_up(self, failure: DeviceFailure) -> Ended:
        if failure.code == failures.DEVICE_LOST:
            self._keeper.let_go()  # whatever touches the weights fails in the same way
        else:
            self._learner.release()
        kept = self._keeper.keep_what_is_good()
        device, batch_size = self._plan.device.name, self._plan.recipe.batch_size
        sentence = failures.device_sentence(failure, device, batch_size, kept=kept)
        return telling.ended(self._learner, "failed", sentence, failure.code)

    def _require_finite(self, *values: float) -> None:
        if not all(map(math.isfinite, values)):
            raise DivergenceError(self._learner.step, self._learner.last_rate)

    def _told(self, kept: tuple[Saved, ...]) -> Events:
        for saved in kept:
            yield saved
            if saved.note:
                yield from self._noted("checkpoint_held_open", saved.note)

    def _noted(self, code: str, sentence: str) -> tuple[Row, ...]:
        return self._journal.written(Note(self._learner.step, code, sentence))
