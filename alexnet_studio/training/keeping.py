"""When a checkpoint is written, and that nothing is kept which cannot be gone on with."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

from alexnet_studio.runs import checkpoint
from alexnet_studio.runs.checkpoint_document import Best, Checkpoint
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.training.events import Saved
from alexnet_studio.training.flight import Flight
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.snapshot import Snapshot

# What a kill may cost is a minute: this, one step, and the time until the disk has what was sent to it.
INTERVAL_S = 50.0
FIRST_S = 5.0  # a young run is soon worth something, too
BEFORE_VALIDATION_S = 10.0  # which may take minutes
# Two files of 490 MB after each short epoch would cost more than the epoch: large ones take a twentieth of the time.
LARGE_BYTES = 64_000_000
PAUSE = 20.0  # times the seconds that the last one took, at most INTERVAL_S


class Keeper:
    """Writes the learner's checkpoints into its run, while it goes on learning: it waits for a copy in memory only,
    and for the checkpoint before when that is not written yet.

    Every method raises what `checkpoint.save` raised meanwhile, and `Saved` tells what is truly saved. `now`: seconds
    that never go back.

    A large checkpoint of a best epoch that comes soon after another one is held in memory, where a better one takes
    its place; it goes to the disk before anything newer does, which names its epoch as the best.
    """

    def __init__(self, run: RunFolder, learner: Learner, now: Callable[[], float] = time.monotonic) -> None:
        self._run = run
        self._learner = learner
        self._now = now
        self._saved_at = self._place()  # just made, or just restored
        self._sent_at, self._interval = now(), FIRST_S
        self._snapshot = Snapshot()
        self._flight: Flight | None = None
        self._held: Checkpoint | None = None
        self._pause = 0.0  # seconds from one checkpoint to the next
        self._untold: list[Saved] = []

    def after_step(self) -> tuple[Saved, ...]:
        """Save when it is time again."""
        return self._kept_since(self._interval)

    def before_validation(self) -> tuple[Saved, ...]:
        """As after a step, and sooner."""
        return self._kept_since(max(BEFORE_VALIDATION_S, self._pause))

    def _kept_since(self, seconds: float) -> tuple[Saved, ...]:
        if self._flight is not None and self._flight.is_over:
            self._land()
        if not self._snapshot.is_asked_for:
            self._snapshot.prepare(self._learner.checkpoint())
        is_due = self._flight is None and self._now() - self._sent_at >= seconds
        if is_due and self._held is not None:
            self._launch_held()
        elif is_due and self._saved_at != self._place() and self._learner.is_finite():
            self._launch(best=False)
        return self._told()

    def keep_epoch(self, value: tuple[float, ...]) -> tuple[Saved, ...]:
        """Save after an epoch that is worth `value` (larger is better)."""
        learner = self._learner
        best = learner.best is None or value > learner.best.value
        if best:
            learner.best = Best(learner.epoch, value)
        elif self._flight is not None and not self._flight.is_over:
            self._interval = 0.0  # after the first step that finds the way free
            return ()
        self._land()
        if self._now() - self._sent_at < self._pause:
            if best:
                self._hold()
        elif self._held is not None and not best:
            self._launch_held()
        else:
            self._held = None
            self._launch(best=best)
        return self._told()

    def keep_what_is_good(self) -> bool:
        """Save where the learner stands, unless that was saved or its weights are no numbers, and wait for it; is
        there one now?
        """
        with contextlib.suppress(Exception):  # what failed is made good here, or fails again
            self._land()
        self._save_held()
        if self._saved_at != self._place() and self._learner.is_finite():
            self._save(best=self._is_best())
        return checkpoint.has_any(self._run)

    def let_go(self) -> None:
        """The learner's weights can be read no more: what is on its way to the disk is all that is kept of it."""
        with contextlib.suppress(Exception):
            self._land()
            self._save_held()
        self._saved_at = self._place()

    def finished(self) -> tuple[Saved, ...]:
        """As `keep_what_is_good`; what was saved."""
        self.keep_what_is_good()
        return self._told()

    def close(self) -> None:
        """Wait for what is under way, whatever comes of it."""
        self._snapshot.close()
        with contextlib.suppress(Exception):
            self._land()

    def _launch(self, *, best: bool) -> None:
        self._sent_at, self._interval = self._now(), INTERVAL_S
        copy = self._snapshot.of(self._learner.checkpoint())
        if copy is None:  # not enough memory
            self._save(best=best)
        else:
            self._flight = Flight(self._run, copy, best=best)

    def _hold(self) -> None:
        """A copy of the best epoch, for the disk later; at once where there is not enough memory."""
        self._held = self._snapshot.of(self._learner.checkpoint())
        if self._held is None:
            self._save(best=True)

    def _launch_held(self) -> None:
        """The best epoch's first; where the learner stands now, as soon as the way is free again."""
        assert self._held is not None
        self._sent_at, self._interval = self._now(), 0.0
        self._flight, self._held = Flight(self._run, self._held, best=True), None

    def _land(self) -> None:
        """Wait for the flight, if there is one."""
        flight, self._flight = self._flight, None
        if flight is not None:
            try:
                saved = flight.landed()
            except BaseException:
                self._held = flight.payload if flight.best else None  # the best epoch's is tried once more
                raise
            self._saved_at = saved.step, saved.epoch
            self._untold.append(saved)
            if self._snapshot.bytes >= LARGE_BYTES:
                self._pause = min(INTERVAL_S, PAUSE * flight.seconds)

    def _save_held(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            note = checkpoint.save(self._run, held, best=True)
            self._saved_at = held.step, held.epoch
            self._untold.append(Saved(held.step, held.epoch, True, note))

    def _save(self, *, best: bool) -> None:
        learner = self._learner
        note = checkpoint.save(self._run, learner.checkpoint(), best=best)
        self._saved_at = self._place()
        self._untold.append(Saved(learner.step, learner.epoch, best, note))

    def _told(self) -> tuple[Saved, ...]:
        told, self._untold = tuple(self._untold), []
        return told

    def _is_best(self) -> bool:
        """Whether the learner stands at the end of its best epoch, whose flight has failed."""
        best = self._learner.best
        return best is not None and (best.epoch, 0) == (self._learner.epoch, self._learner.batch)

    def _place(self) -> tuple[int, int]:
        return self._learner.step, self._learner.epoch
