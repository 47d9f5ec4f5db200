"""Ways in which a training ends by itself, in words and with what to try."""

from __future__ import annotations

import torch

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.training.recipe import Recipe

DIVERGED = "diverged"
OUT_OF_MEMORY = "out_of_memory"


class DivergenceError(Exception):
    """The loss, or the gradient that follows from it, is no longer a finite number."""

    def __init__(self, step: int, rate: float) -> None:
        """`step`: the update at which it was seen, counted from 1; `rate`: its learning rate."""
        super().__init__(step, rate)
        self.step = step
        self.rate = rate


def diverged_sentence(error: DivergenceError, recipe: Recipe, *, kept: bool) -> str:
    """`kept`: there is a checkpoint to go back to."""
    clipping = "" if recipe.clip else ", or clip the gradient at 5"
    good = "; the last good weights are kept" if kept else ""
    return (
        f"The loss is no longer a number at step {error.step:,} (learning rate {error.rate:g}){good}. "
        f"Try a tenth of the learning rate, {recipe.lr / 10:g}{clipping}."
    )


def is_out_of_memory(error: RuntimeError) -> bool:
    """torch has a class for CUDA and words for MPS and the CPU."""
    words = str(error)
    return (
        isinstance(error, torch.OutOfMemoryError)
        or "out of memory" in words
        or "can't allocate memory" in words
    )


def out_of_memory_sentence(device: str, batch_size: int) -> str:
    remedy = (
        f"Try a batch of {batch_size // 2}" if batch_size > 1 else "Try smaller images or a smaller network"
    )
    return f"The memory of the {device} is not enough for batches of {batch_size}. {remedy}."


def words(error: Exception) -> tuple[str, str]:
    """The sentence and the code of what ended a training, for its history."""
    if isinstance(error, StudioError):
        return error.sentence, error.code
    return (
        f"The training ended with an unforeseen {type(error).__name__}; what was saved before is intact.",
        "unforeseen",
    )
