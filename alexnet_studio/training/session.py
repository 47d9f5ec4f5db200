"""One sitting of a training, from its first row to its last: the loop."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from contextlib import closing, suppress

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.images.augment import Augmentation
from alexnet_studio.images.loader import Batch, batches
from alexnet_studio.insight.evaluate import Evaluation, evaluate
from alexnet_studio.runs import checkpoint
from alexnet_studio.runs.checkpoint import Best
from alexnet_studio.runs.film import Film
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, EndReason, Epoch, Note, Row, Started, Step
from alexnet_studio.training import failures
from alexnet_studio.training.events import Event, Saved
from alexnet_studio.training.failures import DivergenceError
from alexnet_studio.training.journal import Journal
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.looking import Onlooker
from alexnet_studio.training.metrics import Reading
from alexnet_studio.training.plan import Plan
from alexnet_studio.training.stopwatch import Rate, WorkingClock

Events = Generator[Event | None]

# A curve on a screen has about this many pixels across; more rows than that cost disk and time to read.
_ROWS_OF_A_CURVE = 2_000
_STUCK_SHARE = 0.01
_STUCK_EPOCHS = 2


class Session:
    """Trains `learner` as `plan` says and keeps everything in `run`."""

    def __init__(self, run: RunFolder, plan: Plan, learner: Learner, clock: WorkingClock) -> None:
        self._run = run
        self._plan = plan
        self._learner = learner
        self._clock = clock
        self._rate = Rate()
        self._journal = Journal(History(run.metrics))
        self._onlooker = Onlooker(learner.network, plan.spec, Film(run.kernels))
        self._saved_at: tuple[int, int] | None = (learner.step, learner.epoch) if learner.step else None
        self._stuck = 0

    def events(self) -> Events:
        """All events up to `Ended`. Closing it at any of them saves, and writes how it ended."""
        try:
            yield from self._opening()
            ended = yield from self._training()
        except GeneratorExit:
            self._stop()
            raise
        except StudioError as error:
            with suppress(StudioError):
                self._journal.written(self._ended("failed", error.sentence, error.code))
            raise
        yield from self._journal.written(ended)

    def _opening(self) -> Events:
        plan, learner = self._plan, self._learner
        images = plan.images
        yield from self._journal.written(
            Started(
                step=learner.step,
                epoch=learner.epoch,
                epochs=plan.recipe.epochs,
                steps_per_epoch=plan.steps_per_epoch,
                train_images=len(images.train),
                val_images=len(images.val),
                classes=plan.spec.classes,
                network=plan.spec.name,
                device=plan.device.kind,
                precision=plan.device.precision,
                k=plan.k,
            )
        )
        for code, sentence in plan.remarks:
            yield from self._noted(code, sentence)
        yield self._onlooker.look(learner.step, learner.epoch)

    def _training(self) -> Generator[Event | None, None, Ended]:
        """Every epoch that is left, and how it went."""
        ended: Ended | None = None
        try:
            while self._learner.epoch < self._plan.recipe.epochs:
                yield from self._learning()
                yield from self._judging()
            ended = self._ended("finished")
        except DivergenceError as error:
            sentence = failures.diverged_sentence(error, self._plan.recipe)
            ended = self._ended("diverged", sentence, failures.DIVERGED)
        except RuntimeError as error:
            if not failures.is_out_of_memory(error):
                raise
        # Outside of the handler: an exception's traceback pins the tensors that filled the memory.
        if ended is None:
            ended = self._out_of_memory()
        self._save_what_is_good()
        return ended

    def _learning(self) -> Events:
        """The batches that are left of the epoch under way, one event at least after each."""
        mark = self._clock.now()
        with closing(self._train_batches()) as source:
            for batch in source:
                self._learner.learn(batch)
                now = self._clock.now()
                self._rate.add(len(batch.labels), now - mark)
                self._learner.meters.seconds += now - mark
                mark = now
                yield from self._after_step()

    def _after_step(self) -> Events:
        learner = self._learner
        if self._is_logged(learner.step):
            yield from self._journal.written(self._step_row())
        else:
            yield None
        seen = self._onlooker.look(learner.step, learner.epoch)
        if seen is not None:
            yield seen
        if self._onlooker.problem:
            problem, self._onlooker.problem = self._onlooker.problem, ""
            yield from self._noted("film_not_written", problem)

    def _step_row(self) -> Step:
        """Reads the meters, which waits for the device. Raises `DivergenceError`."""
        learner = self._learner
        last = learner.meters.last()
        if not math.isfinite(last.loss):
            raise DivergenceError(learner.step, learner.last_rate)
        return Step(
            step=learner.step,
            epoch=learner.epoch + 1,
            loss=last.loss,
            top1=last.top1,
            top5=last.topk,
            k=self._plan.k,
            lr=learner.last_rate,
            images_per_second=self._rate.value(),
        )

    def _judging(self) -> Events:
        """Validation, the epoch's row, and the checkpoint: the row first, so that a checkpoint never lacks
        one.
        """
        learner = self._learner
        trained, seconds = learner.meters.epoch(), learner.meters.seconds
        began = self._clock.now()
        judged = yield from self._validation()
        losses = [trained.loss] if judged is None else [trained.loss, judged.loss]
        if not all(math.isfinite(loss) for loss in losses):
            raise DivergenceError(learner.step, learner.last_rate)
        whole = seconds + self._clock.now() - began
        speed = learner.meters.images / seconds if seconds > 0 else 0.0
        learner.finish_epoch(losses[-1])
        rows = self._journal.written(self._epoch_row(trained, judged, whole, speed))
        saved = self._save(best=self._is_best(trained, judged))
        yield from rows
        yield saved
        yield from self._stuck_note(trained)

    def _validation(self) -> Generator[Event | None, None, Evaluation | None]:
        val = self._plan.images.val
        if not val:
            return None
        judged: Evaluation | None = None
        with (
            closing(self._val_batches()) as source,
            closing(
                evaluate(self._learner.network, source, self._plan.k, self._plan.device, total=len(val))
            ) as events,
        ):
            for event in events:
                if isinstance(event, Evaluation):
                    judged = event
                else:
                    yield event
        return judged

    def _epoch_row(self, trained: Reading, judged: Evaluation | None, seconds: float, speed: float) -> Epoch:
        return Epoch(
            epoch=self._learner.epoch,
            step=self._learner.step,
            train_loss=trained.loss,
            train_top1=trained.top1,
            train_top5=trained.topk,
            val_loss=None if judged is None else judged.loss,
            val_top1=None if judged is None else judged.top1,
            val_top5=None if judged is None else judged.top5,
            k=self._plan.k,
            seconds=seconds,
            images_per_second=speed,
        )

    def _is_best(self, trained: Reading, judged: Evaluation | None) -> bool:
        """Validation top-1, then validation loss; the training loss where nothing validates."""
        value = (-trained.loss,) if judged is None else (judged.top1, -judged.loss)
        best = self._learner.best
        if best is not None and value <= best.value:
            return False
        self._learner.best = Best(self._learner.epoch, value)
        return True

    def _save(self, *, best: bool) -> Saved:
        learner = self._learner
        checkpoint.save(self._run, learner.checkpoint(), best=best)
        self._saved_at = (learner.step, learner.epoch)
        return Saved(learner.step, learner.epoch, best)

    def _save_what_is_good(self) -> None:
        """Nothing before the first step, when this state was saved, or when the weights are no numbers."""
        learner = self._learner
        if learner.step and self._saved_at != (learner.step, learner.epoch) and learner.is_finite():
            self._save(best=False)

    def _stop(self) -> None:
        sentence = "" if self._learner.step else "Stopped before the first step: there was nothing to save."
        try:
            self._save_what_is_good()
        except StudioError as error:
            self._journal.written(self._ended("failed", error.sentence, error.code))
            raise
        self._journal.written(self._ended("stopped", sentence))

    def _out_of_memory(self) -> Ended:
        self._learner.release()
        sentence = failures.out_of_memory_sentence(self._plan.device.name, self._plan.recipe.batch_size)
        return self._ended("failed", sentence, failures.OUT_OF_MEMORY)

    def _ended(self, reason: EndReason, sentence: str = "", code: str = "") -> Ended:
        learner = self._learner
        best = None if learner.best is None else learner.best.epoch
        return Ended(learner.step, learner.epoch, reason, best, sentence, code)

    def _stuck_note(self, trained: Reading) -> Iterator[Row]:
        """faults.md 44: a network that answers the same for every image has a loss of ln(classes)."""
        guessing = math.log(self._plan.spec.classes)
        self._stuck = self._stuck + 1 if abs(trained.loss - guessing) < _STUCK_SHARE * guessing else 0
        if self._stuck == _STUCK_EPOCHS:
            yield from self._noted(
                "stuck",
                f"The loss has stayed at ln({self._plan.spec.classes}) = {guessing:.3f}, which is guessing. "
                "Try the He initialisation, or another learning rate.",
            )

    def _noted(self, code: str, sentence: str) -> tuple[Row, ...]:
        return self._journal.written(Note(self._learner.step, code, sentence))

    def _is_logged(self, step: int) -> bool:
        total = self._plan.recipe.epochs * self._plan.steps_per_epoch
        return step % max(1, total // _ROWS_OF_A_CURVE) == 0

    def _train_batches(self) -> Generator[Batch]:
        plan, recipe, images = self._plan, self._plan.recipe, self._plan.images
        yield from batches(
            images.store,
            images.labels,
            images.train,
            plan.input,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            epoch=self._learner.epoch,
            augmentation=Augmentation(recipe.crop, recipe.mirror, recipe.colour_pca, plan.colour),
            shuffle=True,
            workers=recipe.workers,
            start=self._learner.batch,
            channels_last=True,
        )

    def _val_batches(self) -> Generator[Batch]:
        plan, recipe, images = self._plan, self._plan.recipe, self._plan.images
        yield from batches(
            images.store,
            images.labels,
            images.val,
            plan.input,
            batch_size=recipe.batch_size,
            seed=recipe.seed,
            epoch=self._learner.epoch,
            workers=recipe.workers,
            channels_last=True,
        )
