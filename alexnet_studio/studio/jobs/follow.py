"""A run that another process writes, asked again and again: its history, its film, whether it goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.studio import kernel_pictures
from alexnet_studio.studio.jobs.run import best_weights, has_checkpoint
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.kernels import KernelFrame

if TYPE_CHECKING:
    from alexnet_studio.runs.lock import Holder
    from alexnet_studio.runs.log import Log

_FILM_EVERY = 5  # looks at the history for each one at the film, which is read whole


@dataclass(frozen=True, slots=True)
class Grown:
    """What the history says now; `written` while somebody writes it, `holder` where its lock says who; `frames` are
    those after the last ones; `best` is the hash of the best weights.
    """

    run: Path
    log: Log
    written: bool
    has_checkpoint: bool
    holder: Holder | None = None
    frames: tuple[KernelFrame, ...] = field(default=(), compare=False)
    best: str = ""


def follow(run: Path, last_frame: int, towers: int) -> Work:
    """`last_frame` is the step of the last frame that is on the screen, of a network with so many `towers`. Ends with
    the training.

    Raises `BadInput` ("history_unreadable").
    """
    from alexnet_studio.runs import activity, lock
    from alexnet_studio.runs.follow import follow as followed

    looks, log, written = 0, None, None
    for seen in followed(run):
        log = seen or log
        if log is None:
            yield None
            continue
        # A training that was killed writes nothing more: only its lock tells.
        writes = activity.is_written(run, [row for _, row in log.others[-3:]])
        if seen is None and writes == written:
            yield None
            continue
        frames: tuple[KernelFrame, ...] = ()
        if looks % _FILM_EVERY == 0 or not writes:
            frames = _frames(run, last_frame, towers)
            last_frame = frames[-1].step if frames else last_frame
        looks, written = looks + 1, writes
        holder = lock.holder(run)
        yield Grown(run, log, writes, has_checkpoint(run), holder, frames, best_weights(run))


def _frames(run: Path, after: int, towers: int) -> tuple[KernelFrame, ...]:
    """Nothing where the film cannot be read just now."""
    from alexnet_studio.ground.errors import StudioError
    from alexnet_studio.runs.film import Film

    try:
        return tuple(
            kernel_pictures.frame(seen.step, seen.epoch, kernels, towers)
            for seen, kernels in Film(run / "kernels").shots(after)
        )
    except (StudioError, IndexError):
        return ()
