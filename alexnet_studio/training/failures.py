"""Ways in which a training ends by itself, in words and with what to try."""

from __future__ import annotations

import re
from dataclasses import dataclass

import torch

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.training.recipe import Recipe

DIVERGED = "diverged"
OUT_OF_MEMORY = "out_of_memory"
DEVICE_LOST = "device_lost"
OPERATION_MISSING = "operation_missing"

# Once a kernel has failed, or the card has gone, whatever is asked of CUDA says so again until the process ends.
_LOST = ("CUDA error", "cuDNN error", "CUDA driver error")
_MISSING = re.compile(r"operator '([^']+)' is not currently implemented for the MPS device")


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


@dataclass(frozen=True, slots=True)
class DeviceFailure:
    """What a device could not do: `code` is one of those above, `what` is torch's word for it."""

    code: str
    what: str = ""


def of_the_device(error: RuntimeError) -> DeviceFailure | None:
    """None for every other error. torch has classes for some of these, and words for all."""
    words = str(error)
    first = words.partition("\n")[0]
    if (
        isinstance(error, torch.OutOfMemoryError)
        or "out of memory" in words
        or "can't allocate memory" in words
    ):
        return DeviceFailure(OUT_OF_MEMORY)
    if isinstance(error, torch.AcceleratorError) or any(start in first for start in _LOST):
        return DeviceFailure(DEVICE_LOST, first)
    found = _MISSING.search(words)
    return None if found is None else DeviceFailure(OPERATION_MISSING, found[1])


def device_sentence(failure: DeviceFailure, device: str, batch_size: int, *, kept: bool) -> str:
    """`kept`: there is a checkpoint to go on from."""
    if failure.code == DEVICE_LOST:
        then = "resume the run: it goes on from its last checkpoint" if kept else "train again"
        return (
            f"The {device} does not answer any more ({failure.what}), and will not as long as this program runs. "
            f"Start the program again, and {then}."
        )
    if failure.code == OPERATION_MISSING:
        then = "Resume the run" if kept else "Train"
        return f"The {device} cannot do {failure.what} with this version of torch. {then} with cpu as its device."
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
