"""When a checkpoint is written, and that nothing is kept which cannot be gone on with."""

from __future__ import annotations

from alexnet_studio.runs import checkpoint
from alexnet_studio.runs.checkpoint import Best
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.training.events import Saved
from alexnet_studio.training.learner import Learner


class Keeper:
    """Writes the learner's checkpoints into its run. Raises what `checkpoint.save` raises."""

    def __init__(self, run: RunFolder, learner: Learner) -> None:
        self._run = run
        self._learner = learner
        self._saved_at = self._now()  # just made, or just restored

    def keep_epoch(self, value: tuple[float, ...]) -> Saved:
        """Save after an epoch that is worth `value` (larger is better)."""
        learner = self._learner
        best = learner.best is None or value > learner.best.value
        if best:
            learner.best = Best(learner.epoch, value)
        return self._save(best=best)

    def keep_what_is_good(self) -> bool:
        """Save where the learner stands, unless that was saved or its weights are no numbers; is there one
        now?
        """
        if self._saved_at != self._now() and self._learner.is_finite():
            self._save(best=False)
        return checkpoint.has_any(self._run)

    def _save(self, *, best: bool) -> Saved:
        checkpoint.save(self._run, self._learner.checkpoint(), best=best)
        self._saved_at = self._now()
        return Saved(self._learner.step, self._learner.epoch, best)

    def _now(self) -> tuple[int, int]:
        return self._learner.step, self._learner.epoch
