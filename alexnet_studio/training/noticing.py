"""What goes wrong in a training, told once with its reason and what to do about it."""

from __future__ import annotations

import math
from collections.abc import Iterator

from alexnet_studio.networks.spec import Spec
from alexnet_studio.runs.rows import Epoch
from alexnet_studio.training.plan import Remark
from alexnet_studio.training.recipe import Recipe

_NEAR_GUESSING = 0.01  # of ln(classes)
_STUCK_EPOCHS = 2
_HAD_LEARNED = 0.9  # of ln(classes), or twice the top-1 of guessing
# Overfitted: so many epochs after the best validation loss it is so much larger, and training has gone on falling.
_WORSE_EPOCHS = 5
_WORSE_FACTOR = 1.1
_STARVED_SHARE = 0.3  # of an epoch, waited for images
_STARVED_S = 5.0  # less is nothing to a person


class Noticer:
    """Looks at each epoch's row. A resumed training first shows it the rows there are, and repeats nothing."""

    def __init__(self, spec: Spec, recipe: Recipe) -> None:
        self._spec = spec
        self._recipe = recipe
        self._guessing = math.log(spec.classes)
        self._stuck = 0
        self._had_learned = False
        self._best: Epoch | None = None
        self._told: set[str] = set()

    def after(self, row: Epoch, waited: float) -> tuple[Remark, ...]:
        """`waited`: the share of the epoch's training in which no image was ready."""
        found = [*self._guesses(row), *self._overfits(row), *self._starves(row, waited)]
        new = tuple(remark for remark in found if remark[0] not in self._told)
        self._told.update(code for code, _ in new)
        return new

    def _guesses(self, row: Epoch) -> Iterator[Remark]:
        """A network that answers the same for every image has a loss of ln(classes)."""
        near = abs(row.train_loss - self._guessing) < _NEAR_GUESSING * self._guessing
        self._stuck = self._stuck + 1 if near else 0
        named = f"ln({self._spec.classes}) = {self._guessing:.3f}"
        if near and self._had_learned:
            yield (
                "collapsed",
                f"The loss has fallen back to {named}: the network answers the same for every image, and rarely "
                f"recovers. {self._smaller_rate()} The best weights so far are kept.",
            )
        elif self._stuck >= _STUCK_EPOCHS:
            yield "stuck", f"The loss has stayed at {named}, which is guessing. {self._way_out()}"
        learned = row.train_loss < _HAD_LEARNED * self._guessing or row.train_top1 > 2 / self._spec.classes
        self._had_learned = self._had_learned or learned

    def _overfits(self, row: Epoch) -> Iterator[Remark]:
        if row.val_loss is None or row.val_top1 is None:
            return
        best = self._best
        if best is None or best.val_loss is None or row.val_loss < best.val_loss:
            self._best = row
            return
        worse = row.val_loss > _WORSE_FACTOR * best.val_loss and row.epoch - best.epoch >= _WORSE_EPOCHS
        if worse and row.train_loss < best.train_loss and row.train_top1 > row.val_top1:
            yield (
                "overfits",
                f"The network learns the training images by heart: since epoch {best.epoch} its validation loss has "
                f"risen from {best.val_loss:.3f} to {row.val_loss:.3f} while the training loss fell to "
                f"{row.train_loss:.3f}. {self._against_overfitting()}",
            )

    def _starves(self, row: Epoch, waited: float) -> Iterator[Remark]:
        long = waited > _STARVED_SHARE and waited * row.seconds > _STARVED_S
        if long and row.epoch > 1:  # the first one may still be decoding
            yield (
                "starved",
                f"{100 * waited:.0f} % of the epoch was spent waiting for images. {self._against_starving()}",
            )

    def _way_out(self) -> str:
        asked = self._recipe.initialisation
        how = self._spec.initialisation if asked == "network" else asked
        if how == "paper":
            return "Try the He initialisation."
        if self._is_fast():
            return self._smaller_rate()
        return "Give it more epochs, or try another learning rate."

    def _is_fast(self) -> bool:
        """Adam at 0.01 collapses an AlexNet (seed 001: 2.304 = ln 10); SGD does so from about 0.1 on."""
        return self._recipe.lr >= (0.003 if self._recipe.optimizer == "adam" else 0.1)

    def _smaller_rate(self) -> str:
        name = "Adam" if self._recipe.optimizer == "adam" else "SGD"
        rate = self._recipe.lr
        return f"The learning rate of {rate:g} is probably too large for {name}: try {rate / 10:g}."

    def _against_overfitting(self) -> str:
        recipe = self._recipe
        ways: list[str] = []
        if not (recipe.crop or recipe.resized_crop) or not recipe.mirror:
            ways.append("random crops and mirrored images")
        if recipe.weight_decay < 1e-3:
            ways.append("more weight decay")
        ways.append("more images, or fewer epochs (stop early)")
        return f"Try {', '.join(ways)}; the best weights so far are kept."

    def _against_starving(self) -> str:
        if self._recipe.store != "pixels":
            return "Keep the decoded images as pixels (store), where the disk has room."
        return f"Use more workers than {self._recipe.workers}, or a faster disk for the decoded images."
